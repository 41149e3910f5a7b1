using Shouldly;
using Signal.Deliver;
using Signal.Events;
using Signal.State;
using Signal.Tests.Fakes;

namespace Signal.Tests.Deliver;

/// <summary>One random story of lanes, and the laws it must keep.</summary>
internal sealed class LaneModel
{
    private readonly Random _random;
    private readonly Bench _bench;
    private readonly bool _rivals;
    private readonly List<Event> _events = [];
    private readonly Dictionary<(string Event, string Hit), int> _unknown = [];
    private IReadOnlyList<IReadOnlyDictionary<string, string>> _inFlight = [];
    private bool _quiet;
    private bool _between;

    public LaneModel(int seed, StoreFlaw? flaw = null)
    {
        _random = new Random(seed);
        _rivals = seed % 3 == 0;
        _bench = new Bench(partitions: _random.Next(1, 4), seed);
        // So few that the lanes are overtaken again and again.
        _bench.Options = new DeliverOptions { RunLength = _random.Next(2, 12), OvertakeAfter = TimeSpan.FromSeconds(_random.Next(4) * 5) };
        _bench.Store.Flaw = flaw;
        _bench.UnderWay.Forgets = flaw == StoreFlaw.UnderWayIsLost;
        _bench.Sender.Fault = Fault;
        if (_rivals) _bench.Sender.During = RivalAsync;
        _bench.Store.BeforeSettle = BeforeSettle;
        _bench.Store.AfterSettle = _ => Crash(0.01);
    }

    public async Task RunAsync()
    {
        for (var turn = 0; turn < 400; turn++)
        {
            if (_random.NextDouble() < 0.25) Append();
            if (_random.NextDouble() < 0.02) _bench.Feed.Put(_bench.Integration with { Revision = _bench.Integration.Revision + 1 });
            await StepAsync();
        }

        // From now on all goes well; whatever waits must get through.
        _quiet = true;
        await _bench.RunAsync(TimeSpan.FromDays(2));
    }

    public void NothingIsLost()
    {
        foreach (var e in _events)
        {
            var record = _bench.Store.RecordOf(e.Id).ShouldNotBeNull($"{e.Id} was forgotten");
            record.Outcome.ShouldBe(Expected(e, record), e.Id);
            _bench.Store.DeadLetters.Count(d => d.EventId == e.Id).ShouldBe(record.Outcome == DeliveryOutcome.DeadLetter ? 1 : 0, e.Id);
            if (record.Outcome != DeliveryOutcome.Delivered || record.Reason == "already_recorded") continue;
            var with = _bench.Sender.Recorded.Any(h => h.GetValueOrDefault("with") == e.Id);
            for (var hit = 0; hit < int.Parse(e.Body.TextAt("hits") ?? "1") && !with; hit++)
                _bench.Sender.Recorded.ShouldContain(h => h["event"] == e.Id && h["hit"] == hit.ToString(), $"{e.Id} hit {hit}");
        }
    }

    public void NothingIsReordered()
    {
        // What travelled with an earlier hit was first recorded there, even if a rival with an old plan sends it by itself later.
        var travelled = _bench.Sender.Recorded.Select(h => h.GetValueOrDefault("with")).ToHashSet();
        foreach (var visitor in _bench.Sender.Recorded.GroupBy(h => h["visitor"]))
        {
            var firsts = visitor.Where(h => !travelled.Contains(h["event"])).Select(h => $"{h["event"]} {h["hit"]}").Distinct().ToList();
            firsts.ShouldBe(firsts.Order(StringComparer.Ordinal).ToList(), $"visitor {visitor.Key}");
        }
    }

    public void OrdersAreCountedOnce()
    {
        foreach (var order in _events.Where(e => e.Body.TextAt("order") is not null).GroupBy(e => e.Body.TextAt("order")!.ToLowerInvariant()))
        {
            _bench.Sender.Recorded.Count(h => h["hit"] == "0" && h.GetValueOrDefault("order")?.ToLowerInvariant() == order.Key).ShouldBe(1, order.Key);
            _bench.Store.Orders.Count(o => o.Key == order.Key).ShouldBe(1);
        }
    }

    public void RepetitionsAreExplained()
    {
        foreach (var hit in _bench.Sender.Recorded.SelectMany(Recorded).GroupBy(h => h))
            hit.Count().ShouldBeLessThanOrEqualTo(1 + _unknown.GetValueOrDefault(hit.Key), $"{hit.Key}");

        // Each process keeps its own lanes apart; for a rebalance's moment two may be in flight, and the fence lets one of them settle.
        if (!_rivals) _bench.Sender.Violations.ShouldBeEmpty();
    }

    public void RepetitionsAreTold()
    {
        // With rivals each knows of its own requests; what the other has under way the fence finds out.
        if (_rivals) return;
        var twice = _bench.Sender.Recorded.SelectMany(Recorded).GroupBy(h => h).Where(h => h.Count() > 1).Select(h => h.Key.Event).Distinct();
        foreach (var e in twice)
            _bench.Store.RecordOf(e)!.Warnings.ShouldContain(Rows.MayCountTwice, $"{e} was recorded twice");
    }

    public void StatesAreAppliedOnce()
    {
        var counts = new Dictionary<string, int>();
        var repeated = new HashSet<string>();
        foreach (var e in _events)
        {
            var record = _bench.Store.RecordOf(e.Id)!;
            if (record.Reason == Reasons.DuplicateOrder)
            {
                repeated.Add(e.AnonymousId);
                continue;
            }

            var n = counts[e.AnonymousId] = counts.GetValueOrDefault(e.AnonymousId) + 1;
            foreach (var hit in _bench.Sender.Recorded.Where(h => h["event"] == e.Id)) hit["seq"].ShouldBe(n.ToString(), e.Id);

            // An event that travels ahead was encoded before anybody knew that an order between was a repetition.
            if (repeated.Contains(e.AnonymousId)) continue;
            foreach (var hit in _bench.Sender.Recorded.Where(h => h.GetValueOrDefault("with") == e.Id)) hit["withSeq"].ShouldBe(n.ToString(), e.Id);
        }

        foreach (var (visitor, count) in counts) _bench.Store.StateOf(Bench.IntegrationId, visitor).ShouldBe(count.ToString(), visitor);
    }

    private static DeliveryOutcome Expected(Event e, DeliveryRecord record) =>
        e.Body.TextAt("poison") is not null || e.Body.TextAt("refuse") is not null ? DeliveryOutcome.DeadLetter
        : e.Type == EventType.Identify || record.Reason == Reasons.DuplicateOrder ? DeliveryOutcome.Dropped
        : DeliveryOutcome.Delivered;

    private Task StepAsync() => StepAsync(_random.Next(_bench.Log.Partitions), _rivals && _random.NextDouble() < 0.3 ? 1 : 0);

    private async Task StepAsync(int partition, int process)
    {
        try
        {
            var step = _random.Next(2) == 0 ? await _bench.StepAsync(partition, process) : await _bench.StepExpressAsync(partition, process);
            if (step.Wait == LaneWait.Time) _bench.Time.Advance(TimeSpan.FromSeconds(_random.Next(1, 20)));
        }
        catch (CrashException)
        {
            _bench.Restart(process);
        }
    }

    // While one process waits for an answer the other goes on, with the same partition or another, for a while.
    private async Task RivalAsync()
    {
        if (_quiet || _between || _random.NextDouble() > 0.2) return;
        _between = true;
        for (var steps = _random.Next(1, 6); steps > 0; steps--) await StepAsync(_random.Next(_bench.Log.Partitions), 2);
        _between = false;
    }

    private void Append()
    {
        // The same moment brings several events of one visitor, as an SDK's batch does.
        var visitor = $"v{_random.Next(_random.Next(2) == 0 ? 5 : 80)}";
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            var e = _random.Next(12) switch
            {
                0 or 1 or 2 => _bench.Event(visitor, "page", EventType.Page, _random.Next(4) == 0 ? new { hits = 2 } : new object()),
                3 or 4 => _bench.Event(visitor, "view"),
                5 => _bench.Event(visitor, "Order Completed", body: new { order = $"{(_random.Next(2) == 0 ? "O" : "o")}-{_random.Next(12)}" }),
                6 => _bench.Event(visitor, body: new { hits = _random.Next(2, 4) }),
                7 when _random.Next(3) == 0 => _bench.Event(visitor, body: new { poison = "0" }),
                8 when _random.Next(2) == 0 => _bench.Event(visitor, body: new { hits = _random.Next(1, 3), refuse = "0" }),
                9 => _bench.Event(visitor, "", EventType.Identify),
                _ => _bench.Event(visitor),
            };
            _events.Add(e);
            _bench.Log.Append(e);
        }
    }

    private FakeFault? Fault(string form, IReadOnlyList<IReadOnlyDictionary<string, string>> hits)
    {
        _inFlight = hits;
        if (_quiet || _random.NextDouble() > 0.2) return null;
        var fault = (FakeFault)_random.Next(5);
        if (fault == FakeFault.RecordedButNoAnswer) OutcomeUnknown();
        return fault;
    }

    private void BeforeSettle(Settlement settlement)
    {
        // Whoever is fenced has sent something the other process has sent or will send too.
        if (_rivals && IsFenced(settlement)) OutcomeUnknown();
        if (!_quiet && _random.NextDouble() < 0.03)
        {
            OutcomeUnknown();
            throw new CrashException();
        }
    }

    private bool IsFenced(Settlement s) => s.Expected != Stored(s.Lane, s.Partition) || (s.Within is { } w && Stored(w.Lane, s.Partition)?.Express != w.From);

    private Cursor? Stored(string lane, int partition) => _bench.Store.CursorAsync(lane, partition, default).Result;

    private void Crash(double probability)
    {
        if (!_quiet && _random.NextDouble() < probability) throw new CrashException();
    }

    private void OutcomeUnknown()
    {
        foreach (var hit in _inFlight.SelectMany(Recorded)) _unknown[hit] = _unknown.GetValueOrDefault(hit) + 1;
    }

    private static IEnumerable<(string Event, string Hit)> Recorded(IReadOnlyDictionary<string, string> hit) =>
        hit.TryGetValue("with", out var with) ? [(hit["event"], hit["hit"]), (with, "0")] : [(hit["event"], hit["hit"])];

    private sealed class CrashException : Exception;
}
