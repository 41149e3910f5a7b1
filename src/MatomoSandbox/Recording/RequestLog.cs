using System.Text.RegularExpressions;
using MatomoSandbox.Php;

namespace MatomoSandbox.Recording;

/// <summary>The last requests, with everything that looks like a token masked.</summary>
internal sealed partial class RequestLog
{
    private const int Kept = 500;
    private const int LongestBody = 20_000;
    private readonly Queue<RequestLine> lines = new();

    public int Count { get; private set; }

    public IReadOnlyList<RequestLine> Lines => [.. lines];

    public RequestLine Add(TrackerRequest request, string kind, int entries, long now)
    {
        var line = new RequestLine
        {
            Number = ++Count,
            At = now,
            Method = request.Method,
            Target = Mask(request.Query.Length > 0 ? $"{request.Path}?{request.Query}" : request.Path),
            Kind = kind,
            Entries = entries,
            Address = request.RemoteAddress,
            UserAgent = request.Header("User-Agent") ?? "",
            Body = Mask(PhpText.Decode(request.Body[..Math.Min(request.Body.Length, LongestBody)].ToArray())),
        };
        lines.Enqueue(line);
        if (lines.Count > Kept)
            lines.Dequeue();
        return line;
    }

    public void Forget()
    {
        lines.Clear();
        Count = 0;
    }

    private static string Mask(string text) => Token().Replace(text, "$1***");

    [GeneratedRegex("""(token_auth(?:=|%3D|"?\s*:\s*"|"\r?\n\r?\n))[^&"\s]*""", RegexOptions.IgnoreCase)]
    private static partial Regex Token();
}
