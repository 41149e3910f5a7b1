using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>Whether hits go as live traffic or as a backlog, and which of them share a request. Pure.</summary>
internal static class FormChoice
{
    /// <summary>So many hits waiting in a lane are a backlog; fewer go out one by one within a fraction of a second.</summary>
    internal const int BacklogHits = 10;

    /// <summary>PHP and proxies in front of a Matomo commonly stop at 1 MB.</summary>
    private const int MaxCharacters = 400_000;

    /// <summary>The form for a lane with so many hits at hand.</summary>
    public static RequestForm Of(RequestLimits limits, int waiting) =>
        waiting >= BacklogHits ? limits.Backlog : limits.Live;

    /// <summary>How many hits, from <paramref name="from"/> on, go into one request: a hit that may be refused travels alone, a Do-Not-Track one only with its like.</summary>
    public static int Cut(IReadOnlyList<PlannedHit> hits, int from, RequestForm form, int max)
    {
        var first = hits[from].Hit;
        if (form == RequestForm.Single || first.MayBeRefused) return 1;
        var characters = Size(first);
        var count = 1;
        while (count < max && from + count < hits.Count)
        {
            var next = hits[from + count].Hit;
            characters += Size(next);
            if (next.MayBeRefused || next.DoNotTrack != first.DoNotTrack || characters > MaxCharacters) break;
            count++;
        }

        return count;
    }

    private static int Size(Hit hit)
    {
        var size = 0;
        foreach (var (key, value) in hit.Fields) size += key.Length + value.Length + 6;
        return size;
    }
}
