using MatomoSandbox.Recording;
using MatomoSandbox.Reporting;
using MatomoSandbox.Tracking;

namespace MatomoSandbox;

/// <summary>
/// A stand-in for a Matomo without any transport: hand it requests, read what it recorded. Answers and records as a real
/// Matomo 5.2 was observed to. Safe for use by many threads; requests are handled one at a time.
/// </summary>
public sealed class SandboxMatomo
{
    private readonly Lock gate = new();
    private readonly SandboxOptions options;
    private readonly Gatekeeper gatekeeper;
    private readonly Watch watch = new();
    private readonly RequestLog log = new();
    private readonly Journal? journal;
    private Store store = new();
    private Tracker tracker;
    private SandboxFaults faults = new();

    /// <summary>Creates one that holds what its journal says, else an empty one. Throws a <see cref="TimeZoneNotFoundException"/> when the machine does not know a site's time zone.</summary>
    public SandboxMatomo(SandboxOptions options)
    {
        foreach (var site in options.Sites)
            _ = TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone);
        this.options = options;
        gatekeeper = new Gatekeeper(options);
        tracker = new Tracker(options, store, gatekeeper, watch);
        if (options.JournalPath is null)
            return;
        journal = new Journal(options.JournalPath);
        foreach (var (at, request) in journal.Read())
            Replay(ArrivalReader.Read(request), at);
    }

    /// <summary>What is wrong with it; replace it to change that.</summary>
    public SandboxFaults Faults
    {
        get
        {
            lock (gate)
                return faults;
        }

        set
        {
            lock (gate)
                faults = value;
        }
    }

    /// <summary>The sandbox's clock.</summary>
    public DateTimeOffset Now => options.TimeProvider.GetUtcNow() + options.ClockOffset;

    /// <summary>How it was set up.</summary>
    public SandboxOptions Options => options;

    /// <summary>Answers a request to the tracker, faults included; delays are for the transport, see <see cref="TakeDelay"/>.</summary>
    public TrackerAnswer Track(TrackerRequest request) => Track(ArrivalReader.Read(request));

    internal TrackerAnswer Track(Arrival arrival)
    {
        lock (gate)
        {
            var now = Now.ToUnixTimeSeconds();
            var line = LineOf(arrival, now);
            var plan = new FaultPlan(faults);
            var answer = plan.Before ?? plan.After(TrackAndKeep(arrival, now, line));
            faults = plan.Spent(arrival.IsBulk);
            line.Fault = plan.Struck;
            line.Status = answer.Dropped ? 0 : answer.Status;
            return answer;
        }
    }

    private RequestLine LineOf(Arrival arrival, long now) =>
        log.Add(arrival.Request, arrival.IsBulk ? "bulk" : "single", arrival.Entries.Count, now);

    private void Replay(Arrival arrival, long at)
    {
        if (DataSubjectApi.Erases(new Parameters(arrival.Both).Text("method")))
        {
            new ReportingApi(options, Snapshot(), store, gatekeeper, faults, at).Answer(arrival);
            return;
        }

        var line = LineOf(arrival, at);
        line.Status = tracker.Track(arrival, faults, at, line).Status;
    }

    private TrackerAnswer TrackAndKeep(Arrival arrival, long now, RequestLine line)
    {
        var answer = tracker.Track(arrival, faults, now, line);
        if (answer.Status is 200 or 204)
            journal?.Add(new JournalLine(now, arrival.Request));
        return answer;
    }

    /// <summary>Answers a request to <c>/index.php</c>.</summary>
    public TrackerAnswer Report(TrackerRequest request)
    {
        lock (gate)
        {
            var now = Now.ToUnixTimeSeconds();
            var line = log.Add(request, "api", 1, now);
            var arrival = ArrivalReader.Read(request);
            var answer = new ReportingApi(options, Snapshot(), store, gatekeeper, faults, now).Answer(arrival);
            line.Status = answer.Status;
            if (answer.Status == 200 && DataSubjectApi.Erases(new Parameters(arrival.Both).Text("method")))
                journal?.Add(new JournalLine(now, request));
            return answer;
        }
    }

    /// <summary>How long the next request has to wait before it is processed, or its answer afterwards; counts as one strike of that fault.</summary>
    public TimeSpan TakeDelay(bool after)
    {
        lock (gate)
        {
            if (faults.Delay is not { Strikes: true } delay || delay.After != after)
                return TimeSpan.Zero;
            faults = faults with { Delay = FaultPlan.Less(delay) };
            return TimeSpan.FromMilliseconds(delay.Ms);
        }
    }

    /// <summary>Everything recorded so far.</summary>
    public SandboxState State()
    {
        lock (gate)
            return Snapshot();
    }

    /// <summary>Forgets everything recorded, counted, logged and refused; faults stay.</summary>
    public void Reset()
    {
        lock (gate)
        {
            store = new Store();
            tracker = new Tracker(options, store, gatekeeper, watch);
            gatekeeper.Forget();
            watch.Forget();
            log.Forget();
            journal?.Forget();
        }
    }

    /// <summary>Marks a request as being worked on until the result is disposed; overlapping visitors are counted.</summary>
    internal Stay Enter(TrackerRequest request)
    {
        var arrival = ArrivalReader.Read(request);
        lock (gate)
        {
            var keys = watch.Enter(arrival);
            return new Stay(this, arrival, keys);
        }
    }

    private SandboxState Snapshot() => new(
        Now, faults, new SandboxCounters(log.Count, watch.ConcurrentVisitors, watch.OutOfOrder, watch.TokensInUrls, gatekeeper.Refused),
        [.. store.Visits.Copy().Where(row => store.Holds(row.Id))],
        [.. store.Actions.Copy().Where(row => store.Holds(row.VisitId))],
        [.. store.Conversions.Copy().Where(row => store.Holds(row.VisitId))],
        [.. store.Items.Copy().Where(row => store.Holds(row.VisitId))],
        log.Lines);

    internal sealed class Stay(SandboxMatomo matomo, Arrival arrival, IReadOnlyList<string> keys) : IDisposable
    {
        public Arrival Arrival => arrival;

        public void Dispose()
        {
            lock (matomo.gate)
                matomo.watch.Leave(keys);
        }
    }
}
