using Signal.Configure;
using Signal.Events;

namespace Signal.Govern;

/// <summary>
/// Which categories a visitor grants, from what the event says, what the visitor said before, what the browser sends,
/// and the source's mode for everything nobody mentioned.
/// </summary>
internal sealed class ConsentState
{
    private static readonly IReadOnlyDictionary<string, bool> None = new Dictionary<string, bool>();
    private static readonly ConsentState OptOut = new(ConsentMode.OptOut, None, null, GpcPolicy.Ignore);
    private static readonly ConsentState OptIn = new(ConsentMode.OptIn, None, null, GpcPolicy.Ignore);

    private readonly ConsentMode _mode;
    private readonly string? _unreadable;
    private readonly GpcPolicy _gpc;

    private ConsentState(ConsentMode mode, IReadOnlyDictionary<string, bool> categories, string? unreadable, GpcPolicy gpc)
    {
        (_mode, Categories, _unreadable, _gpc) = (mode, categories, unreadable, gpc);
    }

    /// <summary>What was decided, by category; one not listed follows the source's mode.</summary>
    internal IReadOnlyDictionary<string, bool> Categories { get; }

    /// <param name="policy">The source's.</param>
    /// <param name="said">What the event says; it wins over what was said before.</param>
    /// <param name="remembered">What the visitor said before.</param>
    /// <param name="gpc"><c>Sec-GPC: 1</c> came along; by the policy it wins over everything.</param>
    internal static ConsentState Of(ConsentPolicy policy, ConsentStatement said, IReadOnlyDictionary<string, bool> remembered, bool gpc)
    {
        var gpcPolicy = gpc ? policy.Gpc : GpcPolicy.Ignore;
        if (said.Unreadable is null && said.Categories.Count == 0 && remembered.Count == 0 && gpcPolicy == GpcPolicy.Ignore)
            return policy.Mode == ConsentMode.OptOut ? OptOut : OptIn;

        var categories = new Dictionary<string, bool>(remembered);
        foreach (var (category, granted) in said.Categories) categories[category] = granted;
        foreach (var category in ConsentCategories.All)
            if (said.Unreadable is not null || GpcDenies(gpcPolicy, category)) categories[category] = false;
        categories.Remove(ConsentCategories.Essential);
        return new ConsentState(policy.Mode, categories, said.Unreadable, gpcPolicy);
    }

    /// <summary>Whether every one of these categories is granted; none needed means yes.</summary>
    internal bool Allows(IReadOnlyList<string> needed)
    {
        foreach (var category in needed)
            if (!Grants(category)) return false;
        return true;
    }

    /// <summary>Why these categories are not all granted.</summary>
    internal Decision.Dropped WhyNot(IReadOnlyList<string> needed)
    {
        if (_unreadable is not null) return new(Reasons.ConsentUnreadable, _unreadable);
        var refused = needed.Where(c => !Grants(c)).ToList();
        return refused.TrueForAll(c => GpcDenies(_gpc, c))
            ? new(Reasons.GlobalPrivacyControl, $"Sec-GPC: 1 denies {string.Join(", ", refused)}")
            : new(Reasons.ConsentDenied, $"not granted: {string.Join(", ", refused)}");
    }

    private bool Grants(string category) =>
        category == ConsentCategories.Essential || Categories.GetValueOrDefault(category, _mode == ConsentMode.OptOut);

    private static bool GpcDenies(GpcPolicy policy, string category) =>
        policy == GpcPolicy.DenyAll || (policy == GpcPolicy.DenyMarketing && category is ("marketing" or "personalization"));
}
