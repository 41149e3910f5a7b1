using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>An action about to be recorded, with what may still go wrong.</summary>
internal sealed record ActionDraft(VisitAction Row, Verdict Check)
{
    private const int LongestText = 4096;

    /// <summary>The address as sent, for goals that look at it.</summary>
    public string RawUrl { get; init; } = "";

    public bool IsPageView { get; init; }

    public bool IsSearch { get; init; }

    public bool IsEvent { get; init; }

    public bool IsContent { get; init; }

    /// <summary>Whether the visit counts it.</summary>
    public bool Counts => !IsContent;

    /// <summary>The database's answer to texts longer than its columns; a blank that must not be one is refused first.</summary>
    public static Verdict Judge(bool blank, params string?[] texts)
    {
        if (blank)
            return Verdict.Invalid;
        var tooLong = texts.Any(text => text is not null && PhpText.Characters(text) > LongestText);
        return tooLong ? Verdict.DatabaseError : Verdict.Recorded;
    }
}
