using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Shouldly;
using Signal.Console;
using Signal.Console.Data;
using Signal.Manage.Changes;
using Signal.Record;
using Signal.State;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>The sentence on top of the overview.</summary>
public class SituationTests
{
    private static readonly DateTimeOffset Night = new(2026, 3, 1, 2, 14, 0, TimeSpan.Zero);

    [Fact]
    public void Of_RefusedToken_SaysSinceWhenWhatWaitsAndWhatToDo()
    {
        var situation = Judge(Integration("Matomo Production", "configuration_error", waiting: 12_408, message: "Matomo refuses the token. Nothing is lost: every event waits. Create a new one. See the documentation."));

        situation.Tone.ShouldBe(Tone.Bad);
        situation.Text.ShouldBe("Matomo Production has been stopped since 02:14. Matomo refuses the token. Create a new one. 12,408 events are waiting, nothing is lost.");
        situation.Href.ShouldBe("/integrations/int_Matomo Production/settings");
    }

    [Fact]
    public void Of_SeveralTroubles_SaysTheGravestAndCountsItsLike()
    {
        var situation = Judge(Integration("A", "retrying", waiting: 900), Integration("B", "configuration_error", waiting: 1), Integration("C", "configuration_error", waiting: 5));

        situation.Tone.ShouldBe(Tone.Bad);
        situation.Text.ShouldStartWith("C has been stopped");
        situation.Text.ShouldEndWith("The same holds for 1 more. A does not accept events just now.");
    }

    [Fact]
    public void Of_Retrying_SaysThatItMendsItself()
    {
        var situation = Judge(Integration("M", "retrying", waiting: 3));

        situation.Tone.ShouldBe(Tone.Warn);
        situation.Text.ShouldContain("3 events are waiting, nothing is lost.");
        situation.Text.ShouldContain("goes on trying by itself");
    }

    [Fact]
    public void Of_DeadLetters_LeadsToThem()
    {
        var situation = Judge(Integration("M", "active", letters: 2));

        situation.Tone.ShouldBe(Tone.Warn);
        situation.Text.ShouldContain("2 events could not be delivered");
        situation.Href.ShouldBe("/integrations/int_M/dead-letters");
    }

    [Fact]
    public void Of_Backlog_SaysHowFarBehind() =>
        Judge(Integration("M", "active", waiting: 40, lag: 720)).Text.ShouldStartWith("M is 12 min behind: 40 events are waiting.");

    [Fact]
    public void Of_DisabledIntegrationInTrouble_IsNoTrouble() =>
        Judge(Integration("M", "active"), Integration("Old", "disabled", letters: 9)).Tone.ShouldBe(Tone.Ok);

    [Fact]
    public void Of_NothingSetUp_SaysWhatToDoFirst()
    {
        var situation = Situation.Of(View([], sources: []), Words, Clock);

        situation.Action.ShouldBe("Add a source");
        situation.Tone.ShouldBe(Tone.Plain);
    }

    [Fact]
    public void Of_SourceWithoutIntegration_AsksForOne() => Judge().Href.ShouldBe("/integrations/new");

    [Fact]
    public void Of_AllWell_SaysHowMuchCame() => Judge(Integration("M", "active")).Text.ShouldBe("All is well. 1,470 events received, nothing lost.");

    [Fact]
    public void Of_AnOpenAlert_SaysIt_WhereNothingIsGraver()
    {
        var disk = new OpenAlert("alr_1", AlertKind.Disk, "disk", "The disk is nearly full", "1 GB of 100 GB are free.", "/health", Night);
        var silence = new OpenAlert("alr_2", AlertKind.Silence, "src_1", "No events from Shop", "Shop has sent no event.", "/sources/src_1", Night);
        SourceOverview[] sources = [new("src_1", "Shop", new Dictionary<string, long>())];
        IntegrationOverview[] well = [Integration("M", "active")], retrying = [Integration("M", "retrying")], stopped = [Integration("M", "configuration_error")];

        var full = Situation.Of(View(well, sources) with { Alerts = [silence, disk] }, Words, Clock);
        (full.Tone, full.Text, full.Href).ShouldBe((Tone.Bad, "The disk is nearly full. 1 GB of 100 GB are free.", "/health"));
        Situation.Of(View(retrying, sources) with { Alerts = [disk] }, Words, Clock).Text.ShouldStartWith("The disk");
        Situation.Of(View(stopped, sources) with { Alerts = [disk] }, Words, Clock).Text.ShouldStartWith("M has been stopped");
        var silent = Situation.Of(View(well, sources) with { Alerts = [silence] }, Words, Clock);
        (silent.Tone, silent.Href).ShouldBe((Tone.Warn, "/sources/src_1"));
        Situation.Of(View(retrying, sources) with { Alerts = [silence] }, Words, Clock).Text.ShouldStartWith("M has not accepted");
    }

    private static Situation Judge(params IntegrationOverview[] integrations) => Situation.Of(View(integrations, [new SourceOverview("src_1", "Shop", new Dictionary<string, long>())]), Words, Clock);

    private static OverviewView View(IReadOnlyList<IntegrationOverview> integrations, IReadOnlyList<SourceOverview> sources) =>
        new(Night, Night, 60, new Dictionary<string, long> { ["received"] = 1470 }, new Dictionary<string, IReadOnlyDictionary<string, long>>(), new Backlog(0, 0), [], sources, integrations, null, []);

    private static IntegrationOverview Integration(string name, string status, long waiting = 0, double lag = 0, long letters = 0, string? message = null) =>
        new($"int_{name}", "src_1", name, status, status is "active" or "disabled" ? null : new StatusDetail(Night, "token_refused", message), new Dictionary<string, long>(), letters, waiting, lag);

    private static string Clock(DateTimeOffset at) => at.ToString("HH:mm");

    private static IStringLocalizer<Signal.Console.Words> Words { get; } =
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<Signal.Console.Words>>();
}
