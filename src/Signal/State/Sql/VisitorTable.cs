namespace Signal.State.Sql;

/// <summary>The visitors' states, and which user ids were seen with them.</summary>
internal static class VisitorTable
{
    public static async Task SaveAsync(this SqlSession session, string integrationId, VisitorRow v)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO visitors(integration_id, anonymous_id, state, at) VALUES(@integration, @anonymous, @state, @at)
            ON CONFLICT(integration_id, anonymous_id) DO UPDATE SET state=excluded.state, at=excluded.at
            """,
            ("@integration", integrationId), ("@anonymous", v.AnonymousId), ("@state", v.State), ("@at", v.At.Ms()));
        if (v.UserId is null) return;
        await session.ExecuteAsync(
            "INSERT INTO visitor_users(integration_id, user_id, anonymous_id) VALUES(@integration, @user, @anonymous) ON CONFLICT DO NOTHING",
            ("@integration", integrationId), ("@user", v.UserId), ("@anonymous", v.AnonymousId));
    }

    public static async Task<IReadOnlyDictionary<string, string>> VisitorsAsync(this SqlSession session, string integrationId, IReadOnlyCollection<string> anonymousIds) =>
        (await session.QueryInAsync(
            "SELECT anonymous_id, state FROM visitors WHERE integration_id=@integration AND anonymous_id IN {in}",
            anonymousIds, row => (row.GetString(0), row.GetString(1)), ("@integration", integrationId)))
        .ToDictionary(r => r.Item1, r => r.Item2);

    public static async Task<List<string>> AnonymousIdsOfAsync(this SqlSession session, IReadOnlyCollection<string> integrationIds, string userId)
    {
        var found = await session.QueryInAsync(
            "SELECT DISTINCT anonymous_id FROM visitor_users WHERE user_id=@user AND integration_id IN {in}",
            integrationIds, row => row.GetString(0), ("@user", userId));
        foreach (var integration in integrationIds) found.AddRange(await session.DeadLettersWithUserAsync(integration, userId));
        return found;
    }

    public static Task<List<string>> UserIdsOfAsync(this SqlSession session, string integrationId, string anonymousId) =>
        session.QueryAsync(
            "SELECT user_id FROM visitor_users WHERE integration_id=@integration AND anonymous_id=@anonymous ORDER BY user_id",
            row => row.GetString(0), ("@integration", integrationId), ("@anonymous", anonymousId));
}
