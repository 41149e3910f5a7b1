namespace Signal.Events;

/// <summary>The consent categories Signal knows (contract 3).</summary>
public static class ConsentCategories
{
    /// <summary>Always granted.</summary>
    public const string Essential = "essential";

    /// <summary>The default category of a Matomo integration.</summary>
    public const string Analytics = "analytics";

    /// <summary>Every category, <see cref="Essential"/> last.</summary>
    public static readonly IReadOnlyList<string> All = ["functional", Analytics, "marketing", "personalization", Essential];
}
