namespace Signal.Destinations.Matomo;

/// <summary>
/// What makes a hit something else than a page view: Matomo takes a request for the first of order or cart, ping, download, outlink,
/// event, content, site search; whatever else stands in it.
/// </summary>
internal static class Actions
{
    private static readonly string[] Deciding = ["ping", "download", "link", "e_c", "e_a", "c_n", "search"];

    /// <summary>The fields of all actions: what they are and what belongs to them.</summary>
    internal static IReadOnlyList<string> Fields { get; } = ["e_c", "e_a", "e_n", "e_v", "search", "search_cat", "search_count", "download", "link", "c_n", "c_p", "c_t", "c_i", "action_name"];

    /// <summary>Whether these fields are no page view's.</summary>
    internal static bool IsNoPageView(IReadOnlyDictionary<string, string> fields) => IsOtherThanEvent(fields) || fields.ContainsKey("e_c") || fields.ContainsKey("e_a");

    /// <summary>Whether these fields are neither a page view's nor an event's.</summary>
    internal static bool IsOtherThanEvent(IReadOnlyDictionary<string, string> fields) =>
        fields.TryGetValue("idgoal", out var goal) && goal == "0" || Deciding.Any(f => f is not ("e_c" or "e_a") && fields.ContainsKey(f));

    /// <summary>Whether a page view may carry a field that another event gives.</summary>
    internal static bool MayPageViewCarry(string field) =>
        field == "action_name" || !(Fields.Contains(field) || field is "ping" or "revenue" || field.StartsWith("ec_", StringComparison.Ordinal));
}
