using MatomoSandbox.Recording;

namespace MatomoSandbox.Tracking;

/// <summary>Handles one request as the tracker does: singles, bulks, the queue and what the installation forbids.</summary>
internal sealed class Tracker(SandboxOptions options, Store store, Gatekeeper gatekeeper, Watch watch)
{
    private readonly HitRecorder recorder = new(options, store, new Goals(options, store));

    public TrackerAnswer Track(Arrival arrival, SandboxFaults faults, long now, RequestLine line)
    {
        if (arrival.IsPreflight)
            return Answers.Preflight();
        var credentials = new Credentials(gatekeeper, arrival, faults, now);
        var visit = new Run(new HitReader(options, faults, arrival, credentials, now), credentials, arrival, faults, line);
        if (faults.QueuedTracking && arrival.Get["queuedtracking"] is not "0" && (arrival.IsBulk || arrival.Entries.Count > 0))
            return Queue(visit);
        var answer = arrival.IsBulk ? Bulk(visit) : Single(visit);
        var refusesTracking = faults.Dnt && Exclusion.AsksNotToTrack(arrival.Request);
        return refusesTracking ? answer.With("Tk", "N") : answer;
    }

    private TrackerAnswer Single(Run run)
    {
        if (run.Faults.Maintenance)
            return Answers.Maintenance(run.Arrival);
        if (run.Arrival.Entries.Count == 0)
            return Answers.Nothing(run.Arrival);
        store.Begin();
        var verdict = run.Faults.DatabaseDown ? Verdict.DatabaseError : Record(run, run.Arrival.Entries[0]);
        run.Line.Add(verdict);
        return verdict switch
        {
            Verdict.Recorded or Verdict.Excluded => Answers.Success(run.Arrival),
            Verdict.Fatal => Answers.Dead(),
            _ => Answers.Refusal(run.Arrival),
        };
    }

    private TrackerAnswer Bulk(Run run)
    {
        var arrival = run.Arrival;
        IReadOnlyList<int>? Indices(List<int> invalid) => run.Credentials.SeesIndices ? invalid : null;
        if (run.Faults.Maintenance)
            return Answers.Bulk(arrival, 200, 0, 0, null);
        if (arrival.Entries.Count == 0)
            return arrival.Mute ? Answers.MuteBulk(arrival) : Answers.Bulk(arrival, 200, 0, 0, null);
        if (run.Faults.DatabaseDown || (run.Credentials.Blocked && HasTopToken(arrival)))
            return Answers.Bulk(arrival, 500, 0, 0, null);
        if (run.Faults.BulkRequiresAuthentication && Unauthenticated(run) is { } status)
            return Answers.Bulk(arrival, status, 0, 0, null);

        store.Begin();
        var tracked = 0;
        var invalid = new List<int>();
        for (var index = 0; index < arrival.Entries.Count; index++)
        {
            var waits = run.Faults.LockWait is { Strikes: true } wait && wait.Entry == index;
            var verdict = waits ? Verdict.LockTimeout : Record(run, arrival.Entries[index]);
            run.Line.Add(verdict);
            if (verdict is Verdict.Recorded or Verdict.Excluded)
                tracked++;
            else if (verdict is Verdict.Invalid or Verdict.UnknownSite)
                invalid.Add(index);
            else if (verdict != Verdict.LockTimeout)
                return Sink(run, verdict, tracked, run.Credentials.SeesIndices);
        }
        return arrival.Mute ? Answers.MuteBulk(arrival) : Answers.Bulk(arrival, 200, tracked, invalid.Count, Indices(invalid));
    }

    private TrackerAnswer Sink(Run run, Verdict verdict, int tracked, bool seesIndices)
    {
        store.Rollback();
        run.Line.RolledBack = true;
        return verdict == Verdict.Fatal ? Answers.Dead() : Answers.Bulk(run.Arrival, 500, tracked, 0, seesIndices ? [] : null);
    }

    // Acknowledged unread. Recording stops at the first entry that fails, an unknown site aside.
    private TrackerAnswer Queue(Run run)
    {
        foreach (var entry in run.Arrival.Entries)
        {
            store.Begin();
            var verdict = Record(run, entry);
            run.Line.Add(verdict);
            if (verdict is not (Verdict.Recorded or Verdict.Excluded or Verdict.UnknownSite))
                break;
        }
        return Answers.Queued(run.Arrival);
    }

    private int? Unauthenticated(Run run)
    {
        foreach (var entry in run.Arrival.Entries)
        {
            if (entry.Token.Length == 0)
                return 500;
            var site = options.Sites.FirstOrDefault(known => known.Id == (entry.Parameters?.Whole("idsite", 0) ?? 0));
            if (site is null)
                return 400;
            if (!run.Credentials.MayTrack(entry.Token, site.Id))
                return 500;
        }
        return null;
    }

    private Verdict Record(Run run, Entry entry)
    {
        if (entry.Parameters is null)
            return Verdict.Excluded;
        if (run.Faults.Poison is { Length: > 0 } poison && entry.Parameters.Says(poison))
            return Verdict.DatabaseError;
        var read = run.Reader.Read(entry, out var hit);
        if (read != Verdict.Recorded)
            return read;
        var verdict = recorder.Record(hit!);
        if (verdict == Verdict.Recorded)
            watch.Saw(hit!);
        return verdict;
    }

    private static bool HasTopToken(Arrival arrival) => arrival.Token.Length > 0;

    private sealed record Run(HitReader Reader, Credentials Credentials, Arrival Arrival, SandboxFaults Faults, RequestLine Line);
}
