namespace Signal.Console.Data;

/// <summary>What was sent, as a command to try it by hand.</summary>
internal static class Curl
{
    /// <summary>The event's first request, with the token masked as it is kept; null when it was never sent or where it goes is not known.</summary>
    public static string? Of(EventTrail trail) =>
        trail is { Url: { } url, Delivery.Request: { Length: > 0 } request } ? $"curl -X POST {Quoted(url)} --data {Quoted(request.Split('\n')[0])}" : null;

    // A quote ends the shell's text, so it is written outside of it.
    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
