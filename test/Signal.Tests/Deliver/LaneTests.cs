using Shouldly;
using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Events;
using Signal.State;
using Signal.Tests.Fakes;
using Xunit;

namespace Signal.Tests.Deliver;

public class LaneTests
{
    [Fact]
    public async Task Step_LiveEvents_GoOneByOneInOrder()
    {
        var bench = new Bench();
        var events = new[] { bench.Append("a"), bench.Append("b"), bench.Append("a") };

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe(events.Select(e => e.Id));
        bench.Sender.Requests.ShouldAllBe(r => r.Form == "single" && r.Hits == 1);
        bench.Store.Records.ShouldAllBe(r => r.Outcome == DeliveryOutcome.Delivered && r.Attempts == 1 && r.StatusCode == 200);
        bench.Store.Count(Bench.IntegrationId, "delivered").ShouldBe(3);
        bench.Store.StateOf(Bench.IntegrationId, "a").ShouldBe("2");
    }

    [Fact]
    public async Task Step_SettlementNotStored_IsStoredLaterAndNothingSentTwice()
    {
        var bench = new Bench();
        var full = true;
        var tried = 0;
        bench.Store.BeforeSettle = s =>
        {
            if (!full || s.Records.Count == 0) return;
            tried++;
            throw new StateUnavailableException("The disk is full.");
        };
        var e = bench.Append("a");

        var step = RunToDataAsync(bench);
        await bench.UntilAsync(() => tried > 8);
        step.IsCompleted.ShouldBeFalse();
        full = false;
        await bench.UntilAsync(() => step.IsCompleted);
        await step;

        bench.Sender.RecordedEvents.ShouldBe([e.Id]);
        bench.Store.RecordOf(e.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
    }

    [Fact]
    public async Task Step_SettlementNotStoredAtTheEnd_GivesWayToTheAbort()
    {
        var bench = new Bench();
        bench.Store.BeforeSettle = s =>
        {
            if (s.Records.Count > 0) throw new StateUnavailableException("The disk is full.");
        };
        bench.Append("a");
        using var abort = new CancellationTokenSource();

        var step = bench.StepAsync(abort: abort.Token);
        await bench.UntilAsync(() => bench.Sender.Recorded.Count == 1);
        await abort.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => step.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Step_Backlog_GoesInBulk()
    {
        var bench = new Bench();
        for (var i = 0; i < 50; i++) bench.Append($"v{i % 7}");

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe(bench.Store.Records.Select(r => r.EventId).Order());
        bench.Sender.Requests.Where(r => r.Form == "bulk").Sum(r => r.Hits).ShouldBeGreaterThan(40);
        bench.Sender.Requests.Max(r => r.Hits).ShouldBe(20);
    }

    [Fact]
    public async Task Step_BulkShrunkToOne_GrowsAgain()
    {
        var bench = new Bench();
        bench.Append("a");
        await bench.RunAsync();
        for (var i = 0; i < 10; i++) bench.Target.BatchSize.Failed(1);
        for (var i = 0; i < 200; i++) bench.Append($"v{i % 7}");

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(201);
        bench.Sender.Requests.Max(r => r.Hits).ShouldBe(20);
    }

    [Fact]
    public async Task Step_BacklogAfterAnOutage_GoesInLargeBulks()
    {
        var bench = new Bench(partitions: 4) { Sender = { Fault = (_, _) => FakeFault.Unavailable } };
        for (var i = 0; i < 400; i++) bench.Append($"v{i % 17}");
        await bench.RunAsync(TimeSpan.FromHours(1));
        var during = bench.Sender.Requests.Count;
        bench.Sender.Fault = null;

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(400);
        (bench.Sender.Requests.Count - during).ShouldBeLessThan(40);
    }

    [Fact]
    public async Task Step_OtherSourcesAndErasedEvents_ArePassed()
    {
        var bench = new Bench();
        bench.Log.Append(bench.Event("x") with { SourceId = "src_2" });
        bench.Append("forget me");
        await bench.Log.EraseAsync(_ => true, CancellationToken.None);
        var kept = bench.Append("a");

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([kept.Id]);
        bench.Store.Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Step_UndecodableRecord_BecomesDeadLetterAndDoesNotBlock()
    {
        var bench = new Bench();
        bench.Log.AppendRaw(0, Bench.Start, "{\"v\":1,\"source\":\"src_1\",\"ty"u8.ToArray());
        var good = bench.Append("a");

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([good.Id]);
        bench.Store.DeadLetters.Single().Reason.ShouldBe(Reasons.Undecodable);
    }

    [Fact]
    public async Task Step_NewIntegration_StartsWithWhatCameSinceItWasMade()
    {
        var bench = new Bench();
        bench.Append("old");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        bench.Feed.Put(bench.Integration with { CreatedAt = bench.Time.GetUtcNow() });
        var since = bench.Append("new");

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([since.Id]);
    }

    [Fact]
    public async Task Step_ConsentRefusedOnArrival_IsDropped()
    {
        var bench = new Bench();
        var refused = bench.Event("a") with { Consent = new Dictionary<string, bool> { ["analytics"] = false } };
        bench.Log.Append(refused);

        await bench.RunAsync();

        bench.Sender.Requests.ShouldBeEmpty();
        bench.Store.RecordOf(refused.Id)!.Reason.ShouldBe(Reasons.ConsentDenied);
    }

    [Fact]
    public async Task Step_ConsentWithdrawnWhileWaiting_DropsThatVisitorsEvents()
    {
        var bench = new Bench();
        bench.Sender.Fault = (_, _) => FakeFault.Unavailable;
        var a = bench.Append("a");
        var b = bench.Append("b");
        await bench.RunAsync(TimeSpan.FromSeconds(20));
        await bench.Consents.SetAsync(Bench.SourceId, "a", new Dictionary<string, bool> { ["analytics"] = false }, Bench.Start, null, CancellationToken.None);
        bench.Sender.Fault = null;

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([b.Id]);
        bench.Store.RecordOf(a.Id)!.Reason.ShouldBe(Reasons.ConsentWithdrawn);
        bench.Store.Count(Bench.IntegrationId, "dropped:consent_withdrawn").ShouldBe(1);
        var receipts = bench.Store.Settlements.SelectMany(s => s.Receipts).ToList();
        receipts.ShouldHaveSingleItem().Changes["dropped.events"].New!.Value.GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Step_ConsentWithdrawnAndGrantedWhileWaiting_DropsWhatCameBeforeTheWithdrawal()
    {
        var bench = new Bench();
        var before = bench.Append("a");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(bench, "a", false);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(bench, "a", true);
        var after = bench.Append("a");

        await bench.RunAsync();

        bench.Sender.RecordedEvents.ShouldBe([after.Id]);
        bench.Store.RecordOf(before.Id)!.Reason.ShouldBe(Reasons.ConsentWithdrawn);
    }

    [Fact]
    public async Task Step_ConsentWithdrawnBetweenPlanAndSend_IsNotSent()
    {
        var bench = new Bench();
        bench.Append("a");
        bench.Append("a");
        await bench.StepAsync();
        bench.Sender.Recorded.Count.ShouldBe(1);
        await bench.Consents.SetAsync(Bench.SourceId, "a", new Dictionary<string, bool> { ["analytics"] = false }, Bench.Start, null, CancellationToken.None);

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Step_MatomoOptOut_IsDropped()
    {
        var bench = new Bench();
        var e = bench.Event("a");
        bench.Log.Append(e with { Request = e.Request with { MatomoOptOut = true } });

        await bench.RunAsync();

        bench.Store.RecordOf(e.Id)!.Reason.ShouldBe(Reasons.MatomoOptOut);
        bench.Sender.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Step_TooOld_IsADeadLetterAndStillCountsForTheVisitor()
    {
        var bench = new Bench { Destination = { Limits = new RequestLimits(RequestForm.Single, RequestForm.Bulk, 20, 4, null, TimeSpan.FromDays(1)) } };
        var old = bench.Event("a") with { Time = Bench.Start.AddDays(-2) };
        bench.Log.Append(old);
        bench.Append("a");

        await bench.RunAsync();

        bench.Store.DeadLetters.Single().Reason.ShouldBe(Reasons.TooOld);
        bench.Sender.Recorded.Single()["seq"].ShouldBe("2");
    }

    [Fact]
    public async Task Step_EventWithoutHit_ChangesStateAndIsRecorded()
    {
        var bench = new Bench();
        var identify = bench.Append("a", "", EventType.Identify);
        bench.Append("a");

        await bench.RunAsync();

        bench.Store.RecordOf(identify.Id)!.Reason.ShouldBe(Reasons.NoHit);
        bench.Sender.Recorded.Single()["seq"].ShouldBe("2");
    }

    [Fact]
    public async Task Step_SeveralHits_SettleHitByHit()
    {
        var bench = new Bench();
        bench.Append("a", body: new { hits = 3 });
        await bench.StepAsync();

        var settled = bench.Store.Settlements[^1];
        settled.Next.HitsDone.ShouldBe(1);
        settled.Visitors.ShouldBeEmpty();
        bench.Restart();
        await bench.RunAsync();

        bench.Sender.Recorded.Select(r => r["hit"]).ShouldBe(["0", "1", "2"]);
        bench.Sender.Recorded.ShouldAllBe(r => r["seq"] == "1");
        bench.Store.StateOf(Bench.IntegrationId, "a").ShouldBe("1");
    }

    [Fact]
    public async Task Step_TravellingEvent_IsPutAheadAndItsStateAppliedInOrder()
    {
        var bench = new Bench();
        bench.Append("a", "page", EventType.Page);
        bench.Append("a", "added");
        var view = bench.Append("a", "view");
        await bench.StepAsync();

        var settled = bench.Store.Settlements[^1];
        settled.Next.Ahead.Count.ShouldBe(1);
        settled.Visitors.Single().State.ShouldBe("1");
        bench.Store.RecordOf(view.Id)!.Outcome.ShouldBe(DeliveryOutcome.Delivered);
        bench.Restart();
        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(2);
        bench.Sender.Recorded[0]["with"].ShouldBe(view.Id);
        bench.Sender.Recorded[1]["seq"].ShouldBe("2");
        bench.Store.StateOf(Bench.IntegrationId, "a").ShouldBe("3");
        bench.Store.Settlements[^1].Next.Ahead.ShouldBeEmpty();
    }

    [Fact]
    public async Task Step_HalfDoneEvent_IsNotJoinedByLaterOnes()
    {
        var bench = new Bench();
        bench.Append("a", "page", EventType.Page, new { hits = 2 });
        await bench.StepAsync();
        bench.Restart();
        var view = bench.Append("a", "view");

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(3);
        bench.Sender.RecordedEvents.Last().ShouldBe(view.Id);
    }

    [Fact]
    public async Task Step_Fenced_ReadsItsPlaceAgain()
    {
        var bench = new Bench();
        bench.Append("a");
        bench.Append("a");
        var last = bench.Append("a");
        await bench.StepAsync();
        var cursor = (await bench.Store.CursorAsync(Bench.IntegrationId, 0, default))!;
        var offsets = (await bench.Log.ReadAsync(0, 0, 10, default)).Select(r => r.Offset).ToList();
        await bench.Store.SettleAsync(new Settlement
        {
            IntegrationId = Bench.IntegrationId,
            Lane = Bench.IntegrationId,
            Partition = 0,
            Expected = cursor,
            Next = new Cursor(offsets[1], 0, []),
        }, default);

        await bench.RunAsync();

        // The second was sent by both processes; what counts is that this one then went on from the other's place.
        bench.Sender.RecordedEvents.Count(id => id == last.Id).ShouldBe(1);
        bench.Store.Settlements[^1].Next.Offset.ShouldBe(offsets[2]);
    }

    [Fact]
    public async Task Step_DoNotTrack_TravelsOnlyWithItsLike()
    {
        var bench = new Bench();
        for (var i = 0; i < 20; i++)
        {
            var e = bench.Event($"v{i}");
            bench.Log.Append(i is 5 or 6 ? e with { Request = e.Request with { DoNotTrack = true } } : e);
        }

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(20);
        bench.Sender.Requests.Take(3).Select(r => r.Hits).ShouldBe([5, 2, 13]);
    }

    [Fact]
    public async Task Step_TooLarge_GoesInSmallerRequestsAtOnceAndStaysThere()
    {
        var bench = new Bench { Sender = { MostHits = 6 } };
        for (var i = 0; i < 80; i++) bench.Append($"v{i % 7}");

        var took = await bench.RunAsync();

        took.ShouldBe(TimeSpan.Zero, "nobody is in trouble, so nobody waits");
        bench.Sender.Recorded.Count.ShouldBe(80);
        bench.Sender.Requests.Count(r => r.Hits > 6).ShouldBe(2, "20 and 10 hits, once each");
        bench.Target.Health.Current!.Status.ShouldBe("active");
    }

    [Fact]
    public async Task Step_BulkThatDoesNotSayWhichWereRefused_TheNextOnesAreFoundOneByOne()
    {
        var bench = new Bench { Sender = { RefusesQuietly = "bad" } };
        for (var i = 0; i < 60; i++) bench.Append($"v{i % 7}", i % 10 == 9 ? "bad" : "good");

        await bench.RunAsync();

        bench.Sender.Recorded.Count.ShouldBe(54, "each good one once");
        bench.Store.Records.Count(r => r.Reason == "some_refused").ShouldBe(20, "the first bulk, of which nobody knows");
        bench.Store.DeadLetters.Count.ShouldBe(4, "every later one is known");
        bench.Store.DeadLetters.ShouldAllBe(d => d.Event == "bad");
    }

    [Fact]
    public async Task Step_RateLimit_SpreadsHits()
    {
        var bench = new Bench { Destination = { Limits = new RequestLimits(RequestForm.Single, RequestForm.Single, 1, 4, 2, null) } };
        for (var i = 0; i < 20; i++) bench.Append("a");

        var took = await bench.RunAsync();

        took.TotalSeconds.ShouldBeInRange(8.9, 10);
    }

    [Fact]
    public async Task Step_UnusableConfiguration_WaitsAndSaysSo()
    {
        var bench = new Bench();
        bench.Append("a");
        bench.Feed.Put(bench.Integration with { Revision = 2, Config = new Dictionary<string, System.Text.Json.JsonElement> { ["wrong"] = default } });

        await bench.RunAsync(TimeSpan.FromHours(1));

        bench.Sender.Requests.ShouldBeEmpty();
        (await bench.Store.HealthAsync(default))[Bench.IntegrationId].Message.ShouldNotBeNull().ShouldContain("config.wrong");
    }

    [Fact]
    public void Refusal_EveryCategoryMustBeGranted()
    {
        var e = new Bench().Event("a") with { Consent = new Dictionary<string, bool> { ["marketing"] = true } };
        var integration = Some.Integration with { ConsentCategories = ["marketing", "analytics"] };

        Admission.Refusal(e, integration, ConsentMode.OptOut, null).ShouldBeNull();
        Admission.Refusal(e, integration, ConsentMode.OptIn, null).ShouldBe(Reasons.ConsentDenied);
        Admission.Refusal(e, integration, ConsentMode.OptOut, new VisitorConsent(new Dictionary<string, bool> { ["marketing"] = false }, new Dictionary<string, DateTimeOffset>())).ShouldBe(Reasons.ConsentWithdrawn);
        Admission.Refusal(e, integration with { ConsentCategories = ["essential"] }, ConsentMode.OptIn, null).ShouldBeNull();
    }

    [Theory]
    [InlineData(-1, null, true)]
    [InlineData(-1, true, true)]
    [InlineData(0, null, true)]
    [InlineData(0, true, false)]
    [InlineData(1, null, false)]
    public void Refusal_GrantedAgain_CountsForWhatWasReceivedUpToTheRefusal(int milliseconds, bool? said, bool refused)
    {
        var e = new Bench().Event("a");
        e = e with { ReceivedAt = Bench.Start.AddMilliseconds(milliseconds), Consent = said is { } word ? new Dictionary<string, bool> { ["analytics"] = word } : [] };
        var latest = new VisitorConsent(new Dictionary<string, bool> { ["analytics"] = true }, new Dictionary<string, DateTimeOffset> { ["analytics"] = Bench.Start });

        Admission.Refusal(e, Some.Integration, ConsentMode.OptOut, latest).ShouldBe(refused ? Reasons.ConsentWithdrawn : null);
    }

    private static async Task SayAsync(Bench bench, string visitor, bool granted) =>
        await bench.Consents.SetAsync(Bench.SourceId, visitor, new Dictionary<string, bool> { ["analytics"] = granted }, bench.Time.GetUtcNow(), null, CancellationToken.None);

    private static async Task RunToDataAsync(Bench bench)
    {
        while ((await bench.StepAsync()).Wait != LaneWait.Data)
        {
        }
    }
}
