using System.Text;
using System.Text.Json.Serialization;

namespace Signal.State;

/// <summary>The ways in which people are told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertChannelType>))]
public enum AlertChannelType
{
    /// <summary>A mail to some addresses.</summary>
    [JsonStringEnumMemberName("email")] Email,

    /// <summary>A POST of JSON to an address.</summary>
    [JsonStringEnumMemberName("webhook")] Webhook,
}

/// <summary>Where people are told of alerts.</summary>
public sealed record AlertChannel
{
    /// <summary><c>chn_…</c></summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>How.</summary>
    public required AlertChannelType Type { get; init; }

    /// <summary>A disabled channel is told nothing; what waited for it is told when it is enabled again.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>E-mail: the addresses.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Webhook: the address, http or https. A secret: services such as Slack put their key into it.</summary>
    public string? Url { get; init; }

    /// <summary>Webhook: signs the body; null for unsigned.</summary>
    public string? Secret { get; init; }

    /// <summary>Counts the changes people made, from 1.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How the last message went; null before the first.</summary>
    public ChannelAttempt? Last { get; init; }

    // Never prints the address and the secret.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Id = ").Append(Id).Append(", Type = ").Append(Type);
        return true;
    }
}

/// <summary>How a message went.</summary>
/// <param name="At">When it was tried.</param>
/// <param name="Error">What happened and what to do, for people, without secrets; null when it was taken.</param>
public sealed record ChannelAttempt(DateTimeOffset At, string? Error);
