using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signal.Destinations;

/// <summary>
/// Hands a person's request on to a destination's own privacy tools. Pure: whoever does the I/O asks for the next step with every
/// answer so far, until it is the result.
/// </summary>
public interface IHandOn
{
    /// <summary>The next step.</summary>
    HandOnStep Next(IReadOnlyList<DestinationResponse> answers);
}

/// <summary>What comes next.</summary>
public abstract record HandOnStep
{
    /// <summary>A request to send.</summary>
    /// <param name="Request">It.</param>
    public sealed record Ask(DestinationRequest Request) : HandOnStep;

    /// <summary>All is known.</summary>
    /// <param name="Result">What came of it.</param>
    public sealed record Done(HandOnResult Result) : HandOnStep;
}

/// <summary>Whom a request is about, as events name them.</summary>
/// <param name="AnonymousIds">The visitors.</param>
/// <param name="UserIds">The users.</param>
/// <param name="SignedIn">The visitors were seen with user ids that the request does not name.</param>
public sealed record Subject(IReadOnlyList<string> AnonymousIds, IReadOnlyList<string> UserIds, bool SignedIn);

/// <summary>What is asked.</summary>
public enum HandOnPurpose
{
    /// <summary>How much there is.</summary>
    Find,

    /// <summary>All there is.</summary>
    Export,

    /// <summary>To erase it.</summary>
    Erase,
}

/// <summary>What came of it.</summary>
/// <param name="Status">In a word.</param>
/// <param name="Visits">How many visits were found, exported or erased there.</param>
/// <param name="Remedy">What is left for people to do, with the ids as the destination knows them; null when nothing is.</param>
public sealed record HandOnResult(HandOnStatus Status, int Visits = 0, string? Remedy = null)
{
    /// <summary>What was exported, as the destination tells it.</summary>
    public IReadOnlyList<JsonElement>? Data { get; init; }

    /// <summary>The credentials were refused, which servers count against the sender.</summary>
    public bool Refused { get; init; }
}

/// <summary>The result in a word.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandOnStatus>))]
public enum HandOnStatus
{
    /// <summary>There is something.</summary>
    [JsonStringEnumMemberName("found")] Found,

    /// <summary>It was erased.</summary>
    [JsonStringEnumMemberName("erased")] Erased,

    /// <summary>Nothing was found.</summary>
    [JsonStringEnumMemberName("nothing_found")] NothingFound,

    /// <summary>The token may not do this.</summary>
    [JsonStringEnumMemberName("not_allowed")] NotAllowed,

    /// <summary>No usable answer.</summary>
    [JsonStringEnumMemberName("unreachable")] Unreachable,

    /// <summary>The destination refuses it as it is set up, or did only a part.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}
