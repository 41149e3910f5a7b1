using Signal.Configure;

namespace Signal.Govern;

/// <summary>How a request reached us: everything the rules may know besides the event itself.</summary>
internal sealed record Arrival
{
    public required Source Source { get; init; }

    /// <summary>The source's enabled integrations.</summary>
    public required IReadOnlyList<Integration> Integrations { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>A signed call of a server: it may state the visitor's address and agent, and its own headers say nothing about the visitor.</summary>
    public bool Signed { get; init; }

    /// <summary>The visitor's address; null for signed calls.</summary>
    public string? Ip { get; init; }

    public string? UserAgent { get; init; }

    public string? AcceptLanguage { get; init; }

    /// <summary><c>DNT: 1</c></summary>
    public bool DoNotTrack { get; init; }

    /// <summary><c>Sec-GPC: 1</c></summary>
    public bool GlobalPrivacyControl { get; init; }

    /// <summary>A cookie of Matomo's opt-out came along.</summary>
    public bool MatomoOptOut { get; init; }
}
