using Signal.Configure;
using Signal.Events;

namespace Signal.Deliver;

/// <summary>Whether an event may go to an integration now. Pure.</summary>
internal static class Admission
{
    /// <summary>Why the event must not be sent; null when it may.</summary>
    /// <param name="e">With consent as it was decided on arrival.</param>
    /// <param name="integration">Every one of its categories must be granted.</param>
    /// <param name="mode">What holds for a category nobody has mentioned.</param>
    /// <param name="latest">What the visitor has said up to now; null when nothing.</param>
    public static string? Refusal(Event e, Integration integration, ConsentMode mode, IReadOnlyDictionary<string, bool>? latest)
    {
        if (e.Request.MatomoOptOut) return Reasons.MatomoOptOut;
        foreach (var category in integration.ConsentCategories)
        {
            if (category == ConsentCategories.Essential) continue;
            if (!e.Consent.GetValueOrDefault(category, mode == ConsentMode.OptOut)) return Reasons.ConsentDenied;
            if (latest is not null && latest.TryGetValue(category, out var granted) && !granted) return Reasons.ConsentWithdrawn;
        }

        return null;
    }
}
