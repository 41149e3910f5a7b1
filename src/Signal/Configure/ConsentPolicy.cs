using System.Text.Json.Serialization;

namespace Signal.Configure;

/// <summary>What counts as consent at a source (contract 3).</summary>
public sealed record ConsentPolicy
{
    /// <summary>What holds for a category nobody has mentioned.</summary>
    public ConsentMode Mode { get; init; } = ConsentMode.OptOut;

    /// <summary>What <c>DNT: 1</c> means.</summary>
    public DntPolicy Dnt { get; init; } = DntPolicy.Forward;

    /// <summary>What <c>Sec-GPC: 1</c> means.</summary>
    public GpcPolicy Gpc { get; init; } = GpcPolicy.DenyMarketing;

    /// <summary>A consent platform's own codes to Signal's categories, such as <c>C0002</c> to <c>analytics</c>.</summary>
    public IReadOnlyDictionary<string, string> Categories { get; init; } = new Dictionary<string, string>();
}

/// <summary>What holds until the visitor has said something.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsentMode>))]
public enum ConsentMode
{
    /// <summary>Events flow until the visitor refuses; a category not mentioned is granted.</summary>
    [JsonStringEnumMemberName("opt_out")] OptOut,

    /// <summary>Nothing flows until the visitor grants.</summary>
    [JsonStringEnumMemberName("opt_in")] OptIn,
}

/// <summary>What <c>DNT: 1</c> means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DntPolicy>))]
public enum DntPolicy
{
    /// <summary>The hit travels in a request that itself carries <c>DNT: 1</c>; Matomo's own setting decides.</summary>
    [JsonStringEnumMemberName("forward")] Forward,

    /// <summary>The event is dropped.</summary>
    [JsonStringEnumMemberName("deny")] Deny,

    /// <summary>The header counts for nothing.</summary>
    [JsonStringEnumMemberName("ignore")] Ignore,
}

/// <summary>What <c>Sec-GPC: 1</c> means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GpcPolicy>))]
public enum GpcPolicy
{
    /// <summary>Denies marketing and personalization.</summary>
    [JsonStringEnumMemberName("deny_marketing")] DenyMarketing,

    /// <summary>Denies every category but essential.</summary>
    [JsonStringEnumMemberName("deny_all")] DenyAll,

    /// <summary>The header counts for nothing.</summary>
    [JsonStringEnumMemberName("ignore")] Ignore,
}
