using System.Globalization;
using System.Text;
using System.Text.Json;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>
/// Makes an event of a pixel's query: <c>e</c> the event's or page's name, <c>uid</c>, <c>aid</c>, <c>mid</c>, <c>ts</c> (unix milliseconds),
/// <c>p.*</c> properties, <c>t.*</c> traits; <c>p.a.b</c> is the property named <c>a.b</c>. Values stay text, as they were sent: whether
/// <c>007</c> is a number only its reader knows. The page's address is the image's <c>Referer</c>.
/// </summary>
internal sealed class PixelStage(CollectOptions options)
{
    internal Refusal? Read(CollectCall call)
    {
        var json = Write(call);
        if (json.Length > options.MaxEventBytes) return Refusal.TooLarge(
            ErrorCodes.EventTooLarge, $"The event has more than {options.MaxEventBytes} bytes: send fewer parameters.");
        call.Body.Set(json);
        return null;
    }

    private static byte[] Write(CollectCall call)
    {
        var query = call.Http.Request.Query;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", call.Route.Type!.Value.ToString().ToLowerInvariant());
            WriteText(json, call.Route.Type == Events.EventType.Track ? "event" : "name", query["e"]);
            WriteText(json, "userId", query["uid"]);
            WriteText(json, "anonymousId", query["aid"]);
            WriteText(json, "messageId", query["mid"]);
            WriteTime(json, query["ts"].ToString());
            WriteMap(json, "properties", "p.", query);
            WriteMap(json, "traits", "t.", query);
            WritePage(json, call.Http.Request.Headers.Referer.ToString());
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, Clean(value));
    }

    // What is no number goes on as text, so that the event's own rule for times refuses it with its message.
    private static void WriteTime(Utf8JsonWriter json, string value)
    {
        if (value.Length == 0) return;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var time)) json.WriteNumber("timestamp", time);
        else json.WriteString("timestamp", Clean(value));
    }

    private static void WriteMap(Utf8JsonWriter json, string name, string prefix, IQueryCollection query)
    {
        var begun = false;
        foreach (var (key, values) in query)
        {
            if (key.Length <= prefix.Length || !key.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (!begun) json.WriteStartObject(name);
            begun = true;
            json.WriteString(Clean(key[prefix.Length..]), Clean(values[^1] ?? ""));
        }

        if (begun) json.WriteEndObject();
    }

    private static void WritePage(Utf8JsonWriter json, string referer)
    {
        if (!Uri.TryCreate(referer, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https")) return;
        json.WriteStartObject("context");
        json.WriteStartObject("page");
        json.WriteString("url", Clean(referer));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // A query can decode to half a surrogate pair, which the writer would refuse.
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
