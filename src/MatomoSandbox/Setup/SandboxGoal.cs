namespace MatomoSandbox;

/// <summary>What triggers a goal by itself.</summary>
public enum GoalMatch
{
    /// <summary>Nothing; only <c>idgoal</c> does.</summary>
    Manual,

    /// <summary>A page view whose address contains the pattern.</summary>
    Address,

    /// <summary>A page view whose title contains the pattern.</summary>
    Title,

    /// <summary>An event whose action contains the pattern.</summary>
    EventAction,
}

/// <summary>A goal of a site.</summary>
/// <param name="Site">The site's number.</param>
/// <param name="Id">The number sent as <c>idgoal</c>.</param>
/// <param name="Name">What people call it.</param>
public sealed record SandboxGoal(int Site, int Id, string Name)
{
    /// <summary>What a conversion is worth when the hit does not say.</summary>
    public double Revenue { get; init; }

    /// <summary>Counts every conversion instead of one a visit.</summary>
    public bool SeveralPerVisit { get; init; }

    /// <summary>What triggers it besides <c>idgoal</c>.</summary>
    public GoalMatch Match { get; init; }

    /// <summary>Looked for, ignoring case, in what <see cref="Match"/> names.</summary>
    public string Pattern { get; init; } = "";
}
