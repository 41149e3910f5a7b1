using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatomoSandbox;

/// <summary>A request's body, laid out for people: forms a parameter a line, JSON indented.</summary>
internal static class RequestText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Readable(RequestLine line)
    {
        if (line.Body.Length == 0)
            return "";
        if (line.Kind != "bulk" && !line.Body.StartsWith('{'))
            return string.Join('\n', line.Body.Split('&').Select(pair => string.Join(" = ", pair.Split('=', 2).Select(Decoded))));
        try
        {
            return JsonNode.Parse(line.Body)?.ToJsonString(Indented) ?? line.Body;
        }
        catch (JsonException)
        {
            // Cut short, or never JSON: shown as it came.
            return line.Body;
        }
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
