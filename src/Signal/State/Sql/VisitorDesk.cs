using System.Text.Json;

namespace Signal.State.Sql;

/// <summary>All that is held of one visitor: shown, or removed.</summary>
internal sealed class VisitorDesk(IStateDatabase database, ConsentCache consents)
{
    private static readonly string[] Tables = ["records", "dead_letters", "visitors", "visitor_users"];

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ExportAsync(
        IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, CancellationToken stop) =>
        database.ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<string>>>(
            async s =>
            {
                var held = new Dictionary<string, List<string>>();
                foreach (var integration in integrationIds)
                {
                    Add(held, "records", await s.RecordsOfAsync(integration, anonymousId));
                    Add(held, "dead_letters", await s.DeadLettersOfAsync(integration, anonymousId));
                    Add(held, "orders", (await s.OrdersOfAsync(integration, anonymousId)).Select(o => new { IntegrationId = integration, o.Key, o.EventId, o.At }));
                    Add(held, "users", (await s.UserIdsOfAsync(integration, anonymousId)).Select(u => new { IntegrationId = integration, UserId = u }));
                    if ((await s.VisitorsAsync(integration, [anonymousId])).TryGetValue(anonymousId, out var state))
                        Add(held, "visitors", [new { IntegrationId = integration, AnonymousId = anonymousId, State = state }]);
                }

                if (await s.ConsentAsync(sourceId, anonymousId) is { } words) Add(held, "consent", words.Select(w => new { Category = w.Key, w.Value.Granted, w.Value.At, w.Value.RefusedAt }));
                return held.ToDictionary(h => h.Key, h => (IReadOnlyList<string>)h.Value);
            },
            stop);

    /// <summary>A refusal stays: the person asked to be forgotten, not to be followed again. So do counted orders, without the person.</summary>
    public async Task<IReadOnlyDictionary<string, int>> EraseAsync(
        IReadOnlyCollection<string> integrationIds, string sourceId, string anonymousId, DateTimeOffset at, CancellationToken stop)
    {
        var erased = await database.WriteAsync<IReadOnlyDictionary<string, int>>(
            async s =>
            {
                var counts = new Dictionary<string, int>();
                foreach (var table in Tables)
                {
                    var count = await s.ExecuteInAsync(
                        $"DELETE FROM {table} WHERE anonymous_id=@anonymous AND integration_id IN {{in}}", integrationIds, ("@anonymous", anonymousId));
                    if (count > 0) counts[table == "visitor_users" ? "users" : table] = count;
                }

                var orders = await s.ForgetOrdersAsync(integrationIds, anonymousId);
                if (orders > 0) counts["orders"] = orders;
                var replays = 0;
                foreach (var integration in integrationIds)
                {
                    replays += await s.CancelOfAsync(integration, anonymousId, at);
                    await s.NoteErasureAsync(integration, anonymousId, at);
                }

                if (replays > 0) counts["replays"] = replays;
                var forgotten = await s.ForgetGrantsAsync(sourceId, anonymousId);
                if (forgotten > 0) counts["consent"] = forgotten;
                return counts;
            },
            stop);
        consents.Forget(sourceId, anonymousId);
        await database.ScrubAsync(stop);
        return erased;
    }

    private static void Add<T>(Dictionary<string, List<string>> held, string kind, IEnumerable<T> rows)
    {
        var json = rows.Select(row => JsonSerializer.Serialize(row, JsonSerializerOptions.Web)).ToList();
        if (json.Count == 0) return;
        if (!held.TryGetValue(kind, out var list)) held.Add(kind, list = []);
        list.AddRange(json);
    }
}
