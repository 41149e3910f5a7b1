using System.Security.Cryptography;
using System.Text;

namespace Signal.State.Sql;

/// <summary>
/// The ledger of orders that were counted. An erased visitor's stay without visitor and event, their key as its SHA-256: nobody reads
/// an order's id there, and one that is told again is still counted once.
/// </summary>
internal static class OrderTable
{
    /// <summary>The first event that counted an order stays its owner.</summary>
    public static Task SaveAsync(this SqlSession session, string integrationId, OrderRow o) => session.ExecuteAsync(
        """
        INSERT INTO orders(integration_id, order_key, event_id, anonymous_id, at) VALUES(@integration, @key, @event, @anonymous, @at)
        ON CONFLICT(integration_id, order_key) DO NOTHING
        """,
        ("@integration", integrationId), ("@key", o.Key), ("@event", o.EventId), ("@anonymous", o.AnonymousId), ("@at", o.At.Ms()));

    /// <summary>Which of these keys were counted, and by which event; an empty text where that was erased.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OrdersAsync(this SqlSession session, string integrationId, IReadOnlyCollection<string> keys)
    {
        var hashes = keys.ToDictionary(Hash);
        var counted = new Dictionary<string, string>();
        foreach (var (key, eventId) in await session.QueryInAsync(
            "SELECT order_key, event_id FROM orders WHERE integration_id=@integration AND order_key IN {in}",
            [.. keys, .. hashes.Keys], row => (row.GetString(0), row.GetString(1)), ("@integration", integrationId)))
        {
            counted[hashes.GetValueOrDefault(key, key)] = eventId;
        }

        return counted;
    }

    /// <summary>Takes the visitor off his orders; answers how many there were.</summary>
    public static async Task<int> ForgetOrdersAsync(this SqlSession session, IReadOnlyCollection<string> integrationIds, string anonymousId)
    {
        var orders = await session.QueryInAsync(
            "SELECT integration_id, order_key FROM orders WHERE anonymous_id=@anonymous AND integration_id IN {in}",
            integrationIds, row => (row.GetString(0), row.GetString(1)), ("@anonymous", anonymousId));
        foreach (var (integration, key) in orders)
        {
            await session.ExecuteAsync("DELETE FROM orders WHERE integration_id=@integration AND order_key=@hash", ("@integration", integration), ("@hash", Hash(key)));
            await session.ExecuteAsync(
                "UPDATE orders SET order_key=@hash, event_id='', anonymous_id=NULL WHERE integration_id=@integration AND order_key=@key",
                ("@integration", integration), ("@key", key), ("@hash", Hash(key)));
        }

        return orders.Count;
    }

    public static Task<List<OrderRow>> OrdersOfAsync(this SqlSession session, string integrationId, string anonymousId) =>
        session.QueryAsync(
            "SELECT order_key, event_id, at FROM orders WHERE anonymous_id=@anonymous AND integration_id=@integration ORDER BY at",
            row => new OrderRow(row.GetString(0), row.GetString(1), anonymousId, row.Time(2)), ("@anonymous", anonymousId), ("@integration", integrationId));

    private static string Hash(string key) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
