using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Signal.Tests.Sandbox;

/// <summary>One row of <c>cases/matomo/answers.jsonl</c>.</summary>
internal sealed partial record RecordedRow(int Number, string Name, string State, JsonObject Request, JsonObject Answer, JsonNode? Recorded)
{
    public string Title => $"{Number:000} {Name}";

    public static IReadOnlyList<RecordedRow> All { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "matomo", "answers.jsonl")).Select(Parse),
    ];

    public HttpRequestMessage ToRequest(Uri baseAddress, long now)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var address = baseAddress.ToString().TrimEnd('/') + Timed(Request["path"]!.GetValue<string>(), now);
        var message = new HttpRequestMessage(new HttpMethod(Request["method"]!.GetValue<string>()), new Uri(address, options));
        if (Body(now) is { } body)
            message.Content = new ByteArrayContent(body);
        foreach (var (name, value) in Request["headers"]!.AsObject())
        {
            var text = value!.GetValue<string>();
            if (name.StartsWith("Content-", StringComparison.Ordinal))
                message.Content?.Headers.TryAddWithoutValidation(name, text);
            else
                message.Headers.TryAddWithoutValidation(name, text);
        }
        return message;
    }

    private byte[]? Body(long now)
    {
        if (Request["body_base64"] is { } encoded)
            return Convert.FromBase64String(encoded.GetValue<string>());
        return Request["body"]?.GetValue<string>() is { Length: > 0 } text ? Encoding.UTF8.GetBytes(Timed(text, now)) : null;
    }

    private static string Timed(string text, long now) => Placeholder().Replace(text, match =>
        (now + (match.Groups[1].Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0)).ToString(CultureInfo.InvariantCulture));

    private static RecordedRow Parse(string line, int number)
    {
        var row = JsonNode.Parse(line)!.AsObject();
        return new RecordedRow(
            number, row["name"]!.GetValue<string>(), row["state"]!.GetValue<string>(), row["request"]!.AsObject(), row["answer"]!.AsObject(), row["recorded"]);
    }

    [GeneratedRegex(@"\$\{now([+-]\d+)?\}")]
    private static partial Regex Placeholder();
}
