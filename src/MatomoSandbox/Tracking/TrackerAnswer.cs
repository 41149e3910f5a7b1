namespace MatomoSandbox;

/// <summary>What the sandbox answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Content type.</param>
/// <param name="Body">Body; empty for <c>HEAD</c> too.</param>
public sealed record TrackerAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>True when a fault says to hang up instead of answering.</summary>
    public bool Dropped { get; init; }

    /// <summary>The body as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body.Span);

    internal TrackerAnswer With(string name, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers) { [name] = value } };
}
