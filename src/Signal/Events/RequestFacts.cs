namespace Signal.Events;

/// <summary>What the request that brought an event said about the visitor.</summary>
/// <param name="Ip">The visitor's address: one valid IPv4 or IPv6 address without port, or null.</param>
/// <param name="UserAgent">The browser's user agent, or null.</param>
/// <param name="AcceptLanguage">The <c>Accept-Language</c> header, or null.</param>
/// <param name="DoNotTrack"><c>DNT: 1</c> was sent and the source's policy is to forward it.</param>
/// <param name="MatomoOptOut">A cookie of Matomo's opt-out reached us.</param>
/// <param name="Server">A signed call of a server, not a browser.</param>
public sealed record RequestFacts(
    string? Ip,
    string? UserAgent,
    string? AcceptLanguage,
    bool DoNotTrack,
    bool MatomoOptOut,
    bool Server);
