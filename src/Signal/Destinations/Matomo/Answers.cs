using System.Text.Json;
using Signal.Events;

namespace Signal.Destinations.Matomo;

/// <summary>What is common to the answers to singles, bulks and probes: everything that is not the tracker's own word.</summary>
internal static class Answers
{
    private const string Kept = "Nothing is lost; Signal keeps every event";

    /// <summary>The verdict on an answer that says nothing about the hits themselves; null when the tracker has spoken.</summary>
    internal static Verdict? Common(DestinationResponse answer, int hits) => answer switch
    {
        { Failure: TransportFailure.Unreachable } => new Verdict.Retry("unreachable", $"No connection to Matomo. {Kept} and tries again. Check the address, DNS, firewall, and whether the server is up. ({Shown(answer)})"),
        { Failure: TransportFailure.Tls } => new Verdict.Retry("tls", $"Matomo's TLS certificate was not accepted. {Kept} and tries again. Renew the certificate or install its issuer on this machine. ({Shown(answer)})"),
        { Failure: TransportFailure.NoAnswer } => new Verdict.Retry("no_answer", "The request was sent and no answer came in time. Matomo may have recorded it, so a repeat may count page views or events of this request twice (orders never). If it happens often, raise Matomo's capacity or lower the bulk size.", Unknown: true),
        { Status: 429 } => new Verdict.Retry("rate_limited", $"Matomo, or a proxy before it, asks for fewer requests. {Kept} and slows down. A lower rate limit in the settings avoids this.", answer.RetryAfter),
        { Status: 503 } => new Verdict.Retry("maintenance", $"Matomo is in maintenance or overloaded (503) and recorded nothing. {Kept} and tries again.", answer.RetryAfter),
        { Status: 408 } => new Verdict.Retry("timeout", $"The web server did not receive the whole request in time (408). {Kept} and tries again.", answer.RetryAfter),
        { Status: 504 } => new Verdict.Retry("gateway_timeout", "The proxy before Matomo gave up waiting (504). Matomo may have recorded the request, so a repeat may count twice. Raise the proxy's time-out or lower the bulk size.", answer.RetryAfter, Unknown: true),
        { Status: 502 } => new Verdict.Retry("bad_gateway", "The web server got no answer from PHP (502), which usually restarts or is out of workers. The outcome is unknown; the request is tried again.", answer.RetryAfter, Unknown: true),
        { Status: >= 300 and < 400 } => new Verdict.Stop("redirected", $"Matomo's address answers with a redirect ({answer.Status}), which the tracker never does. {Kept}. Set the Matomo address to where the redirect leads, usually https instead of http, or with or without www."),
        { Status: 401 or 407 } => new Verdict.Stop("access_denied", $"Something before Matomo asks for a sign-in ({answer.Status}); the tracker itself never does. {Kept}. Let matomo.php pass without a password, or by this machine's address."),
        { Status: 404 or 405 or 410 } => new Verdict.Stop("not_found", $"There is no matomo.php at this address ({answer.Status}). {Kept}. Check the Matomo address in the settings."),
        { Status: 413 } => hits > 1
            ? new Verdict.Divide("too_large", "The web server refuses a request of this size (413). It is sent again in smaller parts. Lower the bulk size, or raise client_max_body_size (nginx) and post_max_size (PHP).", TooLarge: true)
            : Refused("too_large", "The web server refuses even this one event for its size (413). Raise client_max_body_size (nginx) and post_max_size (PHP), then replay it."),
        { Status: > 504 } or { Status: 501 } => new Verdict.Retry("server_error", $"The web server answered {answer.Status}. {Kept} and tries again.", answer.RetryAfter),
        _ => null,
    };

    /// <summary>A refusal that could be this request's own or everybody's: one hit is settled after a probe, more are sent in halves.</summary>
    internal static Verdict RefusedWhole(int hits, string reason, string message) =>
        hits == 1 ? Refused(reason, message) : new Verdict.Divide(reason, message);

    /// <summary>One hit refused, unless a probe shows that all would be.</summary>
    internal static Verdict.Settled Refused(string reason, string message) => new([new HitOutcome(false, reason, message)], ConfirmByProbe: true, Refused: true);

    /// <summary>A page where the tracker should be.</summary>
    internal static Verdict NotMatomo(DestinationResponse answer) => new Verdict.Retry(
        "not_matomo",
        $"The address answers {answer.Status} with {answer.ContentType ?? "something"} that is not Matomo's tracker: a sign-in page, a firewall's challenge, a maintenance page or another site. {Kept} and tries again. Check the Matomo address, and that matomo.php is reachable from this machine.");

    /// <summary>Whether the body is the tracker's picture.</summary>
    internal static bool IsPicture(DestinationResponse answer) =>
        answer.Body.StartsWith("GIF", StringComparison.Ordinal) || answer.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Whether a queue took the request unread: the plugin QueuedTracking answers everything at once with this header, which nobody else
    /// sends. What Matomo says later (a refused token, a repeated order) nobody hears.
    /// </summary>
    internal static bool IsQueued(DestinationResponse answer) =>
        answer is { Failure: null, Status: 200 or 204 } && string.Equals(answer.ContentEncoding, "none", StringComparison.OrdinalIgnoreCase);

    /// <summary>The tracker's counts in a bulk's answer; null when the body holds none.</summary>
    internal static Counts? CountsOf(DestinationResponse answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || json.TextAt("status") is not { } status) return null;
            if (!Number(json, "tracked", out var tracked) || !Number(json, "invalid", out var invalid)) return null;
            var indices = json.At("invalid_indices") is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Where(i => i.TryGetInt32(out _)).Select(i => i.GetInt32()).ToHashSet()
                : null;
            return new Counts(status == "success", tracked, invalid, indices);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Number(JsonElement json, string name, out int number)
    {
        number = 0;
        return json.At(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out number) && number >= 0;
    }

    private static string Shown(DestinationResponse answer) => answer.Body.Length == 0 ? "no detail" : Map.SafeText.Cut(Map.SafeText.Valid(answer.Body), 200);
}

/// <summary>A bulk's answer.</summary>
/// <param name="Success">Its status is success.</param>
/// <param name="Tracked">Entries taken.</param>
/// <param name="Invalid">Entries refused.</param>
/// <param name="Indices">Which were refused; null when Matomo does not say (it says so to superusers only).</param>
internal sealed record Counts(bool Success, int Tracked, int Invalid, IReadOnlySet<int>? Indices);
