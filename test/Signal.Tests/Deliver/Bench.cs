using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signal.Configure;
using Signal.Deliver;
using Signal.Events;
using Signal.Record;
using Signal.State;
using Signal.Tests.Fakes;

namespace Signal.Tests.Deliver;

/// <summary>A source, an integration, a log and a destination, with the lanes stepped by hand in virtual time.</summary>
internal sealed class Bench
{
    public const string IntegrationId = "int_1";
    public const string SourceId = "src_1";
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<int, BenchProcess> _processes = [];
    private int _events;

    public Bench(int partitions = 1, int seed = 1)
    {
        Log = new FakeEventLog(partitions);
        var random = new Random(seed);
        Random = random.NextDouble;
        Feed = new FakeConfigurationFeed([Some.Source with { Id = SourceId }], [Some.Integration with { Id = IntegrationId, SourceId = SourceId }]);
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public FakeEventLog Log { get; }

    public FakeDeliveryStore Store { get; } = new();

    public FakeUnderWayStore UnderWay { get; } = new();

    public FakeRefusalStore Refusals { get; } = new();

    public FakeConsentStore Consents { get; } = new();

    public FakeConfigurationFeed Feed { get; }

    public Erasures Erasures { get; } = new();

    public FakeDestination Destination { get; } = new();

    public FakeSender Sender { get; } = new();

    public EventFeed Live { get; } = new(TimeProvider.System);

    public DeliverOptions Options { get; set; } = new();

    public Func<double> Random { get; }

    public Targets Targets => ProcessOf(0).Targets;

    public LaneServices Services => ProcessOf(0).Services;

    public Integration Integration => Feed.Current.Integrations[IntegrationId];

    public Target Target => Targets.Find(IntegrationId)!;

    /// <summary>Every process forgets all that is in its memory, as a crash does.</summary>
    public void Restart() => _processes.Clear();

    /// <summary>One of them does.</summary>
    public void Restart(int process) => _processes.Remove(process);

    /// <summary>An event of a visitor, as collection would store it.</summary>
    public Event Event(string visitor, string name = "thing", EventType type = EventType.Track, object? body = null, string? userId = null)
    {
        var at = Time.GetUtcNow();
        return new Event
        {
            Id = $"evt_{++_events:0000}",
            SourceId = SourceId,
            Type = type,
            Name = name,
            MessageId = $"m{_events}",
            AnonymousId = visitor,
            UserId = userId,
            Time = at,
            ReceivedAt = at,
            Request = new RequestFacts("192.0.2.1", "agent", "en", false, false, false),
            Consent = new Dictionary<string, bool>(),
            Body = JsonSerializer.SerializeToElement(body ?? new { }),
        };
    }

    /// <summary>Appends an event and answers it.</summary>
    public Event Append(string visitor, string name = "thing", EventType type = EventType.Track, object? body = null)
    {
        var e = Event(visitor, name, type, body);
        Log.Append(e);
        return e;
    }

    /// <summary>One step of a partition's lane, in the first process or in another that believes it owns the partition too, as around a rebalance.</summary>
    public async Task<LaneStep> StepAsync(int partition = 0, int process = 0, CancellationToken abort = default)
    {
        var owner = ProcessOf(process);
        var pair = await PairOfAsync(owner, partition);
        return await pair.Lane.StepAsync(CancellationToken.None, abort);
    }

    /// <summary>One step of a partition's express lane.</summary>
    public async Task<LaneStep> StepExpressAsync(int partition = 0, int process = 0)
    {
        var pair = await PairOfAsync(ProcessOf(process), partition);
        return await pair.Express.StepAsync(CancellationToken.None, CancellationToken.None);
    }

    /// <summary>One step of each lane of the first partition; the clock moves when both wait.</summary>
    public async Task StepBothAsync()
    {
        if ((await StepExpressAsync()).Wait == LaneWait.None | (await StepAsync()).Wait == LaneWait.None) return;
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Steps every lane, moving the clock when all wait, until all wait for data or so much time has passed.</summary>
    public async Task<TimeSpan> RunAsync(TimeSpan? longest = null)
    {
        var started = Time.GetUtcNow();
        var end = started + (longest ?? TimeSpan.FromHours(1));
        var idle = 0;
        for (var turns = 0; turns < 100_000; turns++)
        {
            var steps = new List<LaneStep>();
            for (var p = 0; p < Log.Partitions; p++) steps.AddRange(await StepAsync(p), await StepExpressAsync(p));
            // A lane and its express lane may have waited for each other.
            idle = steps.TrueForAll(s => s.Wait == LaneWait.Data) ? idle + 1 : 0;
            if (idle == 4) return Time.GetUtcNow() - started;
            if (idle > 0) continue;
            if (steps.Any(s => s.Wait == LaneWait.None)) continue;
            var until = steps.Where(s => s.Wait == LaneWait.Time).Min(s => s.Until) ?? end;
            if (until >= end)
            {
                Time.SetUtcNow(end > Time.GetUtcNow() ? end : Time.GetUtcNow());
                return end - started;
            }

            if (until > Time.GetUtcNow()) Time.SetUtcNow(until);
        }

        throw new InvalidOperationException("The lanes turn without end.");
    }

    /// <summary>The service itself, in the bench's virtual time.</summary>
    public DeliveryService Service() => new(Feed, Log, Targets, Services, NullLogger<DeliveryService>.Instance);

    /// <summary>Lets things happen, moving virtual time, until the condition holds or a real minute has passed.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var deadline = Environment.TickCount64 + 60_000;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline) throw new TimeoutException("What was waited for did not happen.");
            await Task.Delay(2);
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    // Two processes share the log, the store and the destination, and nothing else.
    private BenchProcess ProcessOf(int process)
    {
        if (_processes.TryGetValue(process, out var known)) return known;
        var targets = new Targets(Store, Refusals, Time, Options, v => v == FakeDestination.Vendor ? Destination : null, Random);
        var services = new LaneServices(Store, UnderWay, new Planner(Store, Consents, Feed, Erasures, Time), new Exchange(Sender, Time, NullLogger<Exchange>.Instance), Live, Time, Options, NullLogger<Lane>.Instance);
        return _processes[process] = new BenchProcess(targets, services, []);
    }

    private async Task<LanePair> PairOfAsync(BenchProcess owner, int partition)
    {
        var target = await owner.Targets.UseAsync(Integration, CancellationToken.None);
        if (owner.Lanes.TryGetValue(partition, out var pair)) return pair;
        var place = new LanePlace(IntegrationId, partition);
        var express = new Express(IntegrationId, partition);
        var attempts = owner.Services.AttemptsOf(place);
        return owner.Lanes[partition] = new LanePair(
            new Lane(place, target, new LogSource(Log, Integration, express, owner.Services), attempts, owner.Services),
            new Lane(place with { Lane = ExpressLanes.Of(IntegrationId) }, target, new ExpressSource(Log, Integration, express, owner.Services), attempts, owner.Services));
    }

    private sealed record BenchProcess(Targets Targets, LaneServices Services, Dictionary<int, LanePair> Lanes);

    private sealed record LanePair(Lane Lane, Lane Express);
}
