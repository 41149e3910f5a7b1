using Signal.Destinations;
using Signal.Events;
using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// Encodes a run with the visitors' states flowing through it. Events that are not sent are encoded apart from those that are,
/// so that none travels with one that will not go; so is one whose first hits are with the destination already. Pure.
/// </summary>
internal static class RunEncoder
{
    /// <summary>The run as planned events, in order.</summary>
    public static IReadOnlyList<PlannedEvent> Encode(
        IEncoder encoder, IReadOnlyList<Candidate> run, IReadOnlyDictionary<string, string> states, Cursor from)
    {
        var flowing = new Dictionary<string, string>(states);
        var planned = new List<PlannedEvent>(run.Count);
        var segment = new List<PlannedEvent>();
        // The half-done event stands right after the cursor, unless it was erased since.
        var first = from.HitsDone > 0 && run.Count > 0 && run[0].Before == from.Offset ? run[0].Offset : (long?)null;
        foreach (var candidate in run)
        {
            var next = candidate.Planned();
            planned.Add(next);
            if (next.Part is Part.Dropped or Part.Broken) continue;
            var alone = next.Offset == first;
            if (alone || (segment.Count > 0 && segment[^1].Part != next.Part)) Flush(encoder, segment, flowing, planned);
            if (alone) next.Resume(from);
            segment.Add(next);
            if (alone) Flush(encoder, segment, flowing, planned);
        }

        Flush(encoder, segment, flowing, planned);
        return planned;
    }

    private static void Flush(IEncoder encoder, List<PlannedEvent> segment, Dictionary<string, string> states, List<PlannedEvent> planned)
    {
        if (segment.Count == 0) return;
        if (!TryEncode(encoder, segment, states, out var problem))
        {
            if (segment.Count == 1) planned[planned.IndexOf(segment[0])] = Broken(segment[0], problem);
            else foreach (var e in segment) Flush(encoder, [e], states, planned);
        }

        segment.Clear();
    }

    // Encode is pure and total by contract; a bug in it must cost the one event it fails on, not the lane.
    private static bool TryEncode(IEncoder encoder, List<PlannedEvent> segment, Dictionary<string, string> states, out string problem)
    {
        try
        {
            var encoded = encoder.Encode([.. segment.Select(s => s.Event!)], states);
            if (encoded.Count != segment.Count) throw new InvalidOperationException($"{encoded.Count} encoded events for {segment.Count}");
            for (var i = 0; i < encoded.Count; i++) Take(segment, i, encoded[i], states);
            problem = "";
            return true;
        }
        catch (Exception e)
        {
            problem = $"The destination's code failed on this event: {e.Message}";
            return false;
        }
    }

    private static void Take(List<PlannedEvent> segment, int index, EncodedEvent encoded, Dictionary<string, string> states)
    {
        var planned = segment[index];
        planned.Encoded = encoded;
        if (encoded.VisitorState is { } state) states[planned.Event!.AnonymousId] = state;
        if (encoded.TravelsWith is not { } with || with >= index || planned.Part != Part.Send || segment[with].Hits.Count == 0) return;
        planned.Carrier = segment[with];
        segment[with].Carried.Add(planned);
    }

    private static PlannedEvent Broken(PlannedEvent e, string problem) =>
        new(e.Offset, e.Before, Part.Broken, e.Event, e.Payload) { Reason = Reasons.MappingFailed, Message = problem, ReceivedAt = e.ReceivedAt };
}
