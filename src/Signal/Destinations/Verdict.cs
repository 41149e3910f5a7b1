namespace Signal.Destinations;

/// <summary>What an answer means; a closed set, made in exactly one place per vendor and obeyed by the lane.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Every hit has its outcome.</summary>
    /// <param name="Outcomes">One for each hit, in order.</param>
    /// <param name="ConfirmByProbe">
    /// All of it could also be the configuration's fault, what counts as recorded too (an order that Matomo refuses is usually there
    /// already, or the token is wrong): ask by a probe first, and stop when it says so.
    /// </param>
    /// <param name="Vague">Some were refused and the answer does not say which: the next ones go one by one for a while, so that it shows.</param>
    /// <param name="Refused">With <paramref name="ConfirmByProbe"/>: the request recorded nothing, so that after a good probe it can be asked again, and the second answer counts.</param>
    public sealed record Settled(IReadOnlyList<HitOutcome> Outcomes, bool ConfirmByProbe = false, bool Vague = false, bool Refused = false) : Verdict;

    /// <summary>Nothing was recorded, or that is unknown; try the same again later.</summary>
    /// <param name="Reason">A code.</param>
    /// <param name="Message">For people.</param>
    /// <param name="After">The destination's own wish; null for none.</param>
    /// <param name="Unknown">The hits may have been recorded.</param>
    public sealed record Retry(string Reason, string Message, TimeSpan? After = null, bool Unknown = false) : Verdict;

    /// <summary>The answer to a single says nothing about why: ask again in bulk at once.</summary>
    public sealed record AskInBulk(string Reason) : Verdict;

    /// <summary>Nothing was recorded and one of the hits may be the cause: retry, and when it repeats send halves, until the cause stands alone and is given up as <see cref="Events.Reasons.Poison"/>.</summary>
    /// <param name="Reason">A code.</param>
    /// <param name="Message">For people.</param>
    /// <param name="TooLarge">The request's size was refused: nobody is in trouble, and smaller ones may go at once.</param>
    public sealed record Divide(string Reason, string Message, bool TooLarge = false) : Verdict;

    /// <summary>The configuration is wrong: stop the integration, keep every event, probe rarely.</summary>
    /// <param name="Reason">A code.</param>
    /// <param name="Message">For people.</param>
    /// <param name="Credentials">The credentials may have been refused, which servers count against the sender.</param>
    public sealed record Stop(string Reason, string Message, bool Credentials = false) : Verdict;
}

/// <summary>What became of one hit.</summary>
/// <param name="Recorded">True: delivered. False: refused for itself.</param>
/// <param name="Reason">A code when refused, or a note such as <c>already_recorded</c>; null when plainly delivered.</param>
/// <param name="Message">For people; null when plainly delivered.</param>
public readonly record struct HitOutcome(bool Recorded, string? Reason = null, string? Message = null)
{
    /// <summary>Plainly delivered.</summary>
    public static HitOutcome Delivered { get; } = new(true);
}
