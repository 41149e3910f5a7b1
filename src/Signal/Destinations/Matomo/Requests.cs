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

    /// <summary>A request that records nothing and tells a wrong token from a wrong site.</summary>
    internal static DestinationRequest Probe(MatomoSettings settings, string nonce)
    {
        var bare = new List<KeyValuePair<string, string>>
        {
            new("idsite", settings.SiteId),
            new("rec", "1"),
            new("ping", "1"),
            new("cid", VisitorIds.Hash(nonce)),
            new("apiv", "1"),
        };
        var restricted = bare.ToList();
        restricted.Insert(2, new("cip", ProbeAddress));
        return settings.RequestMode == "single"
            ? SingleOf(settings, Form(restricted, settings.Token), new Dictionary<string, string>(), [Form(restricted, Masked)])
            : BulkOf(settings, [restricted, bare], new Dictionary<string, string>(), [Form(restricted, Masked), Form(bare, Masked)]);
    }

    /// <summary>A single request of these fields, for checks; null as the token sends none.</summary>
    internal static DestinationRequest Single(MatomoSettings settings, IReadOnlyList<KeyValuePair<string, string>> fields, string? token) =>
        SingleOf(settings, Form(fields, token), new Dictionary<string, string>(), [Form(fields, token is null ? null : Masked)]);

    private static List<KeyValuePair<string, string>> Stamped(Hit hit, DateTimeOffset now)
    {
        var time = hit.Time > now ? now : hit.Time;
        return [.. hit.Fields, new("cdt", time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))];
    }

    private static DestinationRequest SingleOf(MatomoSettings settings, string body, IReadOnlyDictionary<string, string> headers, IReadOnlyList<string> shown) =>
        new("POST", settings.Tracker, "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(body), headers, shown);

    private static DestinationRequest BulkOf(MatomoSettings settings, IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> entries, IReadOnlyDictionary<string, string> headers, IReadOnlyList<string> shown)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("requests"u8);
            foreach (var entry in entries) WriteEntry(json, entry);
            json.WriteEndArray();
            json.WriteString("token_auth"u8, settings.Token);
            json.WriteEndObject();
        }

        // Without it a Matomo with queued tracking answers a picture, and nobody learns what became of the hits.
        var url = new Uri($"{settings.Tracker}?queuedtracking=0");
        return new("POST", url, "application/json", buffer.WrittenSpan.ToArray(), headers, shown);
    }

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
