using Signal.Configure;
using Signal.Events;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Whether an event may go to an integration now. Pure.</summary>
internal static class Admission
{
    /// <summary>Why the event must not be sent; null when it may.</summary>
    /// <param name="e">With consent as it was decided on arrival.</param>
    /// <param name="integration">Every one of its categories must be granted.</param>
    /// <param name="mode">What holds for a category nobody has mentioned.</param>
    /// <param name="latest">What the visitor has said up to now; null when nothing. A grant does not bring back what was received before
    /// an earlier refusal: that was withdrawn.</param>
    public static string? Refusal(Event e, Integration integration, ConsentMode mode, VisitorConsent? latest)
    {
        if (e.Request.MatomoOptOut) return Reasons.MatomoOptOut;
        foreach (var category in integration.ConsentCategories)
        {
            if (category == ConsentCategories.Essential) continue;
            if (!e.Consent.GetValueOrDefault(category, mode == ConsentMode.OptOut)) return Reasons.ConsentDenied;
            if (latest is not null && IsWithdrawn(e, category, latest)) return Reasons.ConsentWithdrawn;
        }

        return null;
    }

    // Of the events of one request, which are of one moment, those that came with or after a grant say so.
    private static bool IsWithdrawn(Event e, string category, VisitorConsent latest) =>
        !latest.Granted.GetValueOrDefault(category, true)
        || (latest.RefusedAt.TryGetValue(category, out var refused)
            && (e.ReceivedAt < refused || (e.ReceivedAt == refused && !e.Consent.GetValueOrDefault(category))));
}
