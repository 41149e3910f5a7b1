namespace Signal.Destinations.Matomo;

/// <summary>The hits of a draft, in order: the action, then goals (a request with a goal records no action), then a cart.</summary>
internal static class Hits
{
    /// <summary>At least one.</summary>
    internal static IReadOnlyList<Hit> Of(Draft draft, MatomoSettings settings)
    {
        var hits = new List<Hit>();
        if (draft.Action.Count > 0 || draft.Goals.Count == 0) hits.Add(Hit(draft, settings, draft.Action));
        foreach (var goal in draft.Goals)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["idgoal"] = goal };
            if (draft.GoalRevenue is { } revenue) fields["revenue"] = revenue;
            hits.Add(Hit(draft, settings, fields));
        }

        if (draft.CartAfter is { } cart) hits.Add(Hit(draft, settings, cart));
        return hits;
    }

    private static Hit Hit(Draft draft, MatomoSettings settings, Dictionary<string, string> own)
    {
        var fields = draft.Shared.Where(f => !own.ContainsKey(f.Key)).Concat(own).OrderBy(f => Vocabulary.OrderOf(f.Key)).ToList();
        var idGoal = own.GetValueOrDefault("idgoal");
        var order = idGoal == "0" ? own.GetValueOrDefault("ec_id") : null;
        var userId = settings.UserIdField == "uid" || draft.Shared.ContainsKey("uid") ? draft.Shared.GetValueOrDefault("uid") : null;
        return new Hit
        {
            Fields = fields,
            VisitorKey = userId is null ? draft.Shared["cid"] : $"uid:{userId}",
            Time = draft.Event.Time,
            OrderKey = order is null ? null : OrderId.KeyOf(order),
            MayBeRefused = order is not null || idGoal is not (null or "0" or "view"),
            DoNotTrack = draft.Event.Request.DoNotTrack,
        };
    }
}
