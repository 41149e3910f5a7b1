namespace Signal.State.Sql;

/// <summary>The ledger of orders that were counted.</summary>
internal static class OrderTable
{
    /// <summary>The first event that counted an order stays its owner.</summary>
    public static Task SaveAsync(this SqlSession session, string integrationId, OrderRow o) => session.ExecuteAsync(
        """
        INSERT INTO orders(integration_id, order_key, event_id, anonymous_id, at) VALUES(@integration, @key, @event, @anonymous, @at)
        ON CONFLICT(integration_id, order_key) DO NOTHING
        """,
        ("@integration", integrationId), ("@key", o.Key), ("@event", o.EventId), ("@anonymous", o.AnonymousId), ("@at", o.At.Ms()));

    public static async Task<IReadOnlyDictionary<string, string>> OrdersAsync(this SqlSession session, string integrationId, IReadOnlyCollection<string> keys) =>
        (await session.QueryInAsync(
            "SELECT order_key, event_id FROM orders WHERE integration_id=@integration AND order_key IN {in}",
            keys, row => (row.GetString(0), row.GetString(1)), ("@integration", integrationId)))
        .ToDictionary(r => r.Item1, r => r.Item2);

    public static Task<List<OrderRow>> OrdersOfAsync(this SqlSession session, string integrationId, string anonymousId) =>
        session.QueryAsync(
            "SELECT order_key, event_id, at FROM orders WHERE anonymous_id=@anonymous AND integration_id=@integration ORDER BY at",
            row => new OrderRow(row.GetString(0), row.GetString(1), anonymousId, row.Time(2)), ("@anonymous", anonymousId), ("@integration", integrationId));
}
