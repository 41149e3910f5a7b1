namespace Signal.Deliver;

/// <summary>Finds orders that come again in a run, by the order ledger. Pure.</summary>
internal static class RepeatedOrders
{
    /// <summary>The order keys of hits still to be settled, and of events that are only told for their visitors' states.</summary>
    public static IReadOnlySet<string> Keys(IReadOnlyList<PlannedEvent> events) => events.SelectMany(KeysOf).ToHashSet();

    /// <summary>The first event whose order another event has counted, or that an earlier one in the run has too.</summary>
    /// <param name="events">The run.</param>
    /// <param name="counted">What the ledger has: order key to the event that counted it.</param>
    public static (Repeat Verdict, int Index) First(IReadOnlyList<PlannedEvent> events, IReadOnlyDictionary<string, string> counted)
    {
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < events.Count; i++)
        {
            foreach (var key in KeysOf(events[i]))
            {
                if (counted.TryGetValue(key, out var by) && by != events[i].Event!.Id) return (Repeat.Counted, i);
                if (events[i].Part == Part.Send && !seen.TryAdd(key, i) && seen[key] != i) return (Repeat.InThisRun, i);
            }
        }

        return (Repeat.None, 0);
    }

    private static IEnumerable<string> KeysOf(PlannedEvent e) =>
        (e.Part == Part.Passed ? e.Encoded?.Hits ?? [] : e.Hits.Skip(e.HitsDone)).Select(h => h.OrderKey).OfType<string>();
}

/// <summary>How an order comes again.</summary>
internal enum Repeat
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Another event has counted it.</summary>
    Counted,

    /// <summary>An event before it in the run has it too; whether that is counted shows when it is answered.</summary>
    InThisRun,
}
