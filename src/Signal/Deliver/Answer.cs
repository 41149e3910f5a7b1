using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>How a request went.</summary>
/// <param name="Verdict">What the answer means.</param>
/// <param name="Form">The form it was sent in last.</param>
/// <param name="Request">As it was sent last; null when it could not even be packed.</param>
/// <param name="Response">The last answer.</param>
/// <param name="Took">From the last request to its answer.</param>
internal sealed record Answer(Verdict Verdict, RequestForm Form, DestinationRequest? Request, DestinationResponse Response, TimeSpan Took)
{
    private const int ShownResponse = 2000;

    /// <summary>The answer for people, cut.</summary>
    public string? Shown =>
        Response.Failure is { } failure ? $"{failure}: {Cut(Response.Body)}"
        : Response.Body.Length == 0 ? null
        : Cut(Response.Body);

    public int? Status => Response.Failure is null && Response.Status > 0 ? Response.Status : null;

    // Bodies such as a GIF hold NUL and other controls, which neither a terminal nor a JSON viewer shows well.
    private static string Cut(string text) =>
        string.Concat(text.Take(ShownResponse).Select(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t') ? '\uFFFD' : c));
}
