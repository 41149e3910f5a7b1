using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IRefusalStore"/> must do.</summary>
public abstract class RefusalStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private static readonly DateTimeOffset HourBefore = Noon.AddHours(-1);

    private IRefusalStore Store => Stores.Refusals;

    [Fact]
    public async Task Note_UpToTheLimit_IsWrittenAndOutlivesTheProcess()
    {
        for (var i = 0; i < 3; i++) (await NoteAsync($"n{i}", i)).ShouldBeNull();
        Reopen();

        (await NoteAsync("n3", 3)).ShouldBe(Noon.AddMinutes(0), "the oldest of the three has to go first");
        (await NoteAsync("other", 3, server: "other.example.com")).ShouldBeNull("each server counts for itself");
        (await Store.LastAsync("matomo.example.com", HourBefore, Stop)).ShouldBe(Noon.AddMinutes(2));
    }

    [Fact]
    public async Task Note_OlderOnes_CountNoMore()
    {
        for (var i = 0; i < 3; i++) await NoteAsync($"n{i}", i);

        (await NoteAsync("n3", 60, since: Noon)).ShouldBeNull("the note of noon is an hour old");
        (await NoteAsync("n4", 60, since: Noon)).ShouldBe(Noon.AddMinutes(1));
        (await Store.LastAsync("matomo.example.com", Noon.AddMinutes(60), Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Note_MoreThanALowerLimit_AnswersTheOneThatMakesRoom()
    {
        for (var i = 0; i < 3; i++) await NoteAsync($"n{i}", i);

        (await NoteAsync("n3", 3, limit: 2)).ShouldBe(Noon.AddMinutes(1));
        (await NoteAsync("n3", 3, limit: 4)).ShouldBeNull();
    }

    [Fact]
    public async Task Forget_MakesRoom()
    {
        for (var i = 0; i < 3; i++) await NoteAsync($"n{i}", i);

        await Store.ForgetAsync(["n1", "n2", "unknown"], Stop);
        await Store.ForgetAsync([], Stop);

        (await Store.LastAsync("matomo.example.com", HourBefore, Stop)).ShouldBe(Noon);
        (await NoteAsync("n3", 3)).ShouldBeNull();
    }

    [Fact]
    public async Task Note_ManyAtOnce_KeepTheLimit()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => NoteAsync($"n{i}", 0))));

        answers.Count(a => a is null).ShouldBe(3);
    }

    private Task<DateTimeOffset?> NoteAsync(string id, int minute, DateTimeOffset? since = null, int limit = 3, string server = "matomo.example.com") =>
        Store.NoteAsync(new Refusal(id, server, Noon.AddMinutes(minute)), since ?? HourBefore, limit, Stop);
}
