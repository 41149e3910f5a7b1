using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Signal.Destinations.Matomo;

/// <summary>The HTTP requests of the tracking API. The token stands in bodies only.</summary>
internal static class Requests
{
    /// <summary>An address reserved for documentation: naming it needs a token with write access, and no visitor has it.</summary>
    internal const string ProbeAddress = "192.0.2.1";

    private const string Masked = "***";

    private static readonly Dictionary<string, string> NoHeaders = [];

    // Their JSON stands in a bulk as it is; in a form it is text.
    private static readonly HashSet<string> NativeJson = ["ec_items"];

    /// <summary>One request with these hits.</summary>
    internal static DestinationRequest Pack(MatomoSettings settings, IReadOnlyList<Hit> hits, RequestForm form, DateTimeOffset now)
    {
        if (form == RequestForm.Single && hits.Count != 1) throw new ArgumentException("A single request carries one hit.", nameof(hits));

        var stamped = hits.Select(h => Stamped(h, now)).ToList();
        var shown = stamped.Select(f => Form(f, Masked)).ToList();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (hits.All(h => h.DoNotTrack)) headers["DNT"] = "1";
        return form == RequestForm.Single
            ? SingleOf(settings, Form(stamped[0], settings.Token), headers, shown)
            : BulkOf(settings, stamped, headers, shown);
    }

    /// <summary>A request that records nothing; the bulk one tells a wrong token from a wrong site and from a dead database.</summary>
    internal static DestinationRequest Probe(MatomoSettings settings, string nonce, RequestForm form) => form == RequestForm.Single
        ? Ping(settings, nonce, restricted: true)
        : Pings(settings, nonce, withToken: true, aroundQueue: true);

    /// <summary>
    /// A bulk that tells which of several tokens are good. Matomo counts how many entries it refuses and does not say which; so the first token's
    /// ping stands in it once, the second's twice, the third's four times: each sum has one reading. However many are refused, the request
    /// counts as one refusal. Each entry has its own token: one at the top would count for all.
    /// </summary>
    internal static DestinationRequest RollCall(IReadOnlyList<MatomoSettings> all, string nonce)
    {
        var entries = all.SelectMany((settings, i) =>
        {
            List<KeyValuePair<string, string>> ping = [.. Pings(settings, $"{nonce}{i}")[0], new("token_auth", settings.Token)];
            return Enumerable.Repeat(ping, 1 << i);
        }).ToList();
        return BulkOf(all[0] with { Token = "" }, entries, NoHeaders, [.. entries.Select(e => Form(e[..^1], Masked))]);
    }

    /// <summary>A ping as a single, naming an address or not, with the token or without: it records nothing, and no queue answers for the tracker.</summary>
    internal static DestinationRequest Ping(MatomoSettings settings, string nonce, bool restricted)
    {
        var fields = Pings(settings, nonce)[restricted ? 0 : 1];
        return SingleOf(settings with { AroundQueue = true }, Form(fields, restricted ? settings.Token : null), NoHeaders, [Form(fields, restricted ? Masked : null)]);
    }

    /// <summary>A ping of a visitor who asks not to be tracked, without the token.</summary>
    internal static DestinationRequest DoNotTrackPing(MatomoSettings settings, string nonce) =>
        Ping(settings, nonce, restricted: false) with { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["DNT"] = "1" } };

    /// <summary>The probe's bulk with the token or without it, around the queue or through it.</summary>
    internal static DestinationRequest Pings(MatomoSettings settings, string nonce, bool withToken, bool aroundQueue)
    {
        var entries = Pings(settings, nonce);
        return withToken
            ? BulkOf(settings, entries, NoHeaders, [.. entries.Select(e => Form(e, Masked))], aroundQueue)
            : BulkOf(settings with { Token = "" }, [entries[1]], NoHeaders, [Form(entries[1], null)], aroundQueue);
    }

    /// <summary>A question to Matomo's reporting API.</summary>
    internal static DestinationRequest Report(MatomoSettings settings, string method, params IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        List<KeyValuePair<string, string>> fields = [new("module", "API"), new("method", method), new("format", "JSON"), .. parameters];
        var body = Encoding.ASCII.GetBytes($"{Form(fields, null)}&token_auth={settings.Token}");
        return new("POST", new Uri($"{settings.Base}/index.php"), "application/x-www-form-urlencoded", body, NoHeaders, [$"{Form(fields, null)}&token_auth={Masked}"]);
    }

    private static List<KeyValuePair<string, string>>[] Pings(MatomoSettings settings, string nonce)
    {
        List<KeyValuePair<string, string>> bare =
        [
            new("idsite", settings.SiteId), new("rec", "1"), new("ping", "1"), new("cid", VisitorIds.Hash(nonce)), new("apiv", "1"),
        ];
        List<KeyValuePair<string, string>> restricted = [.. bare[..2], new("cip", ProbeAddress), .. bare[2..]];
        return [restricted, bare];
    }

    private static List<KeyValuePair<string, string>> Stamped(Hit hit, DateTimeOffset now)
    {
        var time = hit.Time > now ? now : hit.Time;
        return [.. hit.Fields, new("cdt", time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))];
    }

    private static DestinationRequest SingleOf(MatomoSettings settings, string body, IReadOnlyDictionary<string, string> headers, IReadOnlyList<string> shown) =>
        new("POST", Address(settings, settings.AroundQueue), "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(body), headers, shown);

    private static DestinationRequest BulkOf(MatomoSettings settings, IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> entries, IReadOnlyDictionary<string, string> headers, IReadOnlyList<string> shown, bool aroundQueue = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("requests"u8);
            foreach (var entry in entries) WriteEntry(json, entry);
            json.WriteEndArray();
            if (settings.Token.Length > 0) json.WriteString("token_auth"u8, settings.Token);
            json.WriteEndObject();
        }

        return new("POST", Address(settings, aroundQueue), "application/json", buffer.WrittenSpan.ToArray(), headers, shown);
    }

    // Without the parameter a Matomo with queued tracking answers a picture, and nobody learns what became of the hits.
    private static Uri Address(MatomoSettings settings, bool aroundQueue) =>
        aroundQueue ? new Uri($"{settings.Tracker}?queuedtracking=0") : settings.Tracker;

    private static void WriteEntry(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, string>> entry)
    {
        json.WriteStartObject();
        foreach (var (name, value) in entry)
        {
            json.WritePropertyName(name);
            if (NativeJson.Contains(name)) json.WriteRawValue(value);
            else json.WriteStringValue(value);
        }

        json.WriteEndObject();
    }

    private static string Form(IReadOnlyList<KeyValuePair<string, string>> fields, string? token)
    {
        var form = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (form.Length > 0) form.Append('&');
            form.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            if (name == "rec" && token is not null) form.Append("&token_auth=").Append(token);
        }

        return form.ToString();
    }
}
