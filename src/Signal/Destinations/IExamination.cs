using System.Text.Json.Serialization;

namespace Signal.Destinations;

/// <summary>
/// A destination's examination of one integration: which questions to ask it, and what the answers mean. Pure; the doctor does the
/// I/O. Questions leave no trace in the destination's reports.
/// </summary>
public interface IExamination
{
    /// <summary>The questions to ask next, given every answer so far; empty when all is asked.</summary>
    IReadOnlyList<Question> Next(IReadOnlyDictionary<string, QuestionAnswer> answers);

    /// <summary>The findings of all answers, in the order in which a person would go through them. Secrets stand in no part of them.</summary>
    IReadOnlyList<Finding> Findings(IReadOnlyDictionary<string, QuestionAnswer> answers);

    /// <summary>How many of the answers refused the credentials, which servers count against the sender.</summary>
    int Refusals(IReadOnlyDictionary<string, QuestionAnswer> answers);
}

/// <summary>A question to a destination.</summary>
/// <param name="Name">Unique within an examination.</param>
/// <param name="Request">How it is asked.</param>
public sealed record Question(string Name, DestinationRequest Request);

/// <summary>What a destination answered.</summary>
/// <param name="Response">The answer.</param>
/// <param name="At">When it came, by our clock.</param>
public sealed record QuestionAnswer(DestinationResponse Response, DateTimeOffset At);

/// <summary>What was found out about one thing.</summary>
/// <param name="Id">Which, such as <c>token_scope</c>.</param>
/// <param name="Status">How it is.</param>
/// <param name="Text">What was found.</param>
/// <param name="Evidence">What shows it; null for none.</param>
/// <param name="Remedy">What to do; null when nothing is to do.</param>
public sealed record Finding(string Id, FindingStatus Status, string Text, string? Evidence = null, string? Remedy = null);

/// <summary>How it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingStatus>))]
public enum FindingStatus
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
