using System.Text.Json.Serialization;
using Signal.Configure;

namespace Signal.Manage.Resources;

/// <summary>Tries an integration against its destination and says what is wrong and what to do. Never throws for what the destination does.</summary>
internal interface IDoctor
{
    /// <summary>Runs every check. Secrets stand in no part of the report.</summary>
    Task<DoctorReport> RunAsync(Integration integration, CancellationToken stop);
}

/// <summary>What the doctor found.</summary>
/// <param name="Ok">No check failed.</param>
/// <param name="Checks">Each check, in the order in which a person would go through them.</param>
internal sealed record DoctorReport(bool Ok, IReadOnlyList<DoctorCheck> Checks);

/// <summary>One check.</summary>
/// <param name="Id">Which, such as <c>token_scope</c>.</param>
/// <param name="Status">How it went.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Evidence">What shows it, credentials masked; null for none.</param>
/// <param name="Remedy">What to do; null when nothing is to do.</param>
internal sealed record DoctorCheck(string Id, CheckStatus Status, string Finding, string? Evidence = null, string? Remedy = null);

/// <summary>How a check went.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckStatus>))]
internal enum CheckStatus
{
    /// <summary>All is well.</summary>
    [JsonStringEnumMemberName("pass")] Pass,

    /// <summary>It works, with a drawback.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>It does not work.</summary>
    [JsonStringEnumMemberName("fail")] Fail,

    /// <summary>It could not be tried.</summary>
    [JsonStringEnumMemberName("skip")] Skip,
}
