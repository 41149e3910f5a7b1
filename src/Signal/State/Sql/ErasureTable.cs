using System.Security.Cryptography;
using System.Text;

namespace Signal.State.Sql;

/// <summary>Who was erased lately, by the hash of the id, so that what was on its way then is not written down afterwards.</summary>
internal static class ErasureTable
{
    public static async Task NoteErasureAsync(this SqlSession session, string integrationId, string anonymousId, DateTimeOffset at) => await session.ExecuteAsync(
        """
        INSERT INTO erasures(integration_id, visitor, at) VALUES(@integration, @visitor, @at)
        ON CONFLICT(integration_id, visitor) DO UPDATE SET at=excluded.at
        """,
        ("@integration", integrationId), ("@visitor", HashOf(anonymousId)), ("@at", at.Ms()));

    /// <summary>The settlement without the rows of whoever was erased after their events were received.</summary>
    public static async Task<Settlement> WithoutErasedAsync(this SqlSession session, Settlement s)
    {
        if (s.Records.Count == 0 && s.Visitors.Count == 0) return s;
        var erased = (await session.QueryAsync(
            "SELECT visitor, at FROM erasures WHERE integration_id=@integration",
            row => (row.GetString(0), row.Time(1)), ("@integration", s.IntegrationId))).ToDictionary(e => e.Item1, e => e.Item2);
        if (erased.Count == 0) return s;

        var gone = s.Records.Where(r => erased.TryGetValue(HashOf(r.AnonymousId), out var at) && r.ReceivedAt <= at).ToList();
        if (gone.Count == 0) return s;
        var events = gone.Select(r => r.EventId).ToHashSet();
        var visitors = gone.Select(r => r.AnonymousId).ToHashSet();
        return s with
        {
            Records = [.. s.Records.Where(r => !events.Contains(r.EventId))],
            DeadLetters = [.. s.DeadLetters.Where(d => !events.Contains(d.EventId))],
            Orders = [.. s.Orders.Where(o => !events.Contains(o.EventId))],
            Visitors = [.. s.Visitors.Where(v => !visitors.Contains(v.AnonymousId))],
        };
    }

    private static string HashOf(string anonymousId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(anonymousId)));
}
