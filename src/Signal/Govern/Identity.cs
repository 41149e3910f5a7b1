using System.Security.Cryptography;
using System.Text;

namespace Signal.Govern;

/// <summary>Who the visitor of an event is.</summary>
internal static class Identity
{
    /// <summary>A new visitor's id: a UUID v4.</summary>
    internal static string NewVisitor() => Guid.NewGuid().ToString("D");

    /// <summary>
    /// The anonymous id. On browser calls: what the request itself says (<paramref name="ofRequest"/>: the cookie, or the id of the day), then the
    /// event's own, then <paramref name="fallback"/> (one new id for the whole request).
    /// On signed calls the request says nothing; an event that names only a user gets an id derived from it, the same for ever,
    /// so that the events of one user keep their order and make one visitor. An own id that breaks the rules is nobody's: its event is refused.
    /// </summary>
    internal static string AnonymousId(IncomingEvent e, string sourceId, bool signed, string? ofRequest, string fallback) =>
        ofRequest
        ?? (e.AnonymousId is { } own && Validation.IsSaneAnonymousId(own) ? own : null)
        ?? (signed && e.UserId is { } user ? Derived(sourceId, user) : fallback);

    /// <summary>
    /// A visitor's id for one day, where nothing is stored with them: the same for the same source, address and browser while the day's
    /// <paramref name="salt"/> is known, and nobody's afterwards.
    /// </summary>
    internal static string OfDay(byte[] salt, string sourceId, string? ip, string? userAgent) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes($"{sourceId}\n{ip}\n{userAgent}")).AsSpan(0, 16));

    private static string Derived(string sourceId, string userId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sourceId}\n{userId}")).AsSpan(0, 16));
}
