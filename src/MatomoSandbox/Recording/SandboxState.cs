namespace MatomoSandbox;

/// <summary>Everything the sandbox holds at one moment.</summary>
/// <param name="Now">Its clock.</param>
/// <param name="Faults">What is wrong with it.</param>
/// <param name="Counters">What it counted.</param>
/// <param name="Visits">Visits, oldest first.</param>
/// <param name="Actions">Actions in the order recorded.</param>
/// <param name="Conversions">Goals, orders and carts.</param>
/// <param name="Items">Rows of orders and carts.</param>
/// <param name="Requests">The last requests.</param>
public sealed record SandboxState(
    DateTimeOffset Now,
    SandboxFaults Faults,
    SandboxCounters Counters,
    IReadOnlyList<Visit> Visits,
    IReadOnlyList<VisitAction> Actions,
    IReadOnlyList<Conversion> Conversions,
    IReadOnlyList<Item> Items,
    IReadOnlyList<RequestLine> Requests);

/// <summary>What the sandbox counted.</summary>
/// <param name="Requests">All requests.</param>
/// <param name="ConcurrentVisitorViolations">Requests that came while another one with a visitor of theirs was being answered.</param>
/// <param name="OutOfOrder">Hits older than one seen before of the same visitor.</param>
/// <param name="TokensInUrls">Requests with a token in their address.</param>
/// <param name="RefusedTokens">Requests with a token refused where one was needed.</param>
public sealed record SandboxCounters(int Requests, int ConcurrentVisitorViolations, int OutOfOrder, int TokensInUrls, int RefusedTokens);
