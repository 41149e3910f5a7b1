using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IIdempotencyStore"/> must do.</summary>
public abstract class IdempotencyConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private IIdempotencyStore Store => Stores.Idempotency;

    [Fact]
    public async Task Begin_OfManyAtOnce_OneGetsIt()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => BeginAsync("c1", Noon))));

        answers.Count(a => a is null).ShouldBe(1);
        answers.OfType<IdempotentCall>().ShouldAllBe(a => a == new IdempotentCall("f", null));
    }

    [Fact]
    public async Task Finish_KeepsTheAnswerOverARestartUntilItExpires()
    {
        await BeginAsync("c1", Noon);
        await Store.FinishAsync("c1", "the answer", Stop);
        Reopen();

        (await BeginAsync("c1", Noon.AddHours(23))).ShouldBe(new IdempotentCall("f", "the answer"));
        (await BeginAsync("c2", Noon.AddHours(23))).ShouldBeNull();
        (await BeginAsync("c1", Noon.AddHours(24))).ShouldBeNull();
    }

    [Fact]
    public async Task Forget_FreesTheCall()
    {
        await BeginAsync("c1", Noon);
        await Store.ForgetAsync("c1", Stop);

        (await BeginAsync("c1", Noon)).ShouldBeNull();
    }

    private Task<IdempotentCall?> BeginAsync(string call, DateTimeOffset now) => Store.BeginAsync(call, "f", now, now.AddHours(24), Stop);
}
