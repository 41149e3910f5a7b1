using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IUnderWayStore"/> must do.</summary>
public abstract class UnderWayStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private static readonly UnderWay[] Three = [new(7, 1, true), new(long.MaxValue, 300, false), new(2, 2, false)];

    private IUnderWayStore Store => Stores.UnderWay;

    [Fact]
    public async Task Note_OutlivesTheProcess_InOrder()
    {
        await Store.NoteAsync("int_1", 0, Three, Stop);
        Reopen();

        (await Store.FindAsync("int_1", 0, Stop)).ShouldBe(Three.OrderBy(e => e.Offset));
    }

    [Fact]
    public async Task Note_ReplacesTheLanesOwnOnly()
    {
        await Store.NoteAsync("int_1", 0, Three, Stop);
        await Store.NoteAsync("int_1", 1, Three, Stop);
        await Store.NoteAsync("int_2", 0, Three, Stop);
        await Store.NoteAsync("int_1", 0, Three[..1], Stop);

        (await Store.FindAsync("int_1", 0, Stop)).ShouldBe(Three[..1]);
        (await Store.FindAsync("int_1", 1, Stop)).Count.ShouldBe(3);
        (await Store.FindAsync("int_2", 0, Stop)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Note_OfNothing_LeavesNothing()
    {
        await Store.NoteAsync("int_1", 0, [], Stop);
        (await Store.FindAsync("int_1", 0, Stop)).ShouldBeEmpty();
        await Store.NoteAsync("int_1", 0, Three, Stop);
        await Store.NoteAsync("int_1", 0, [], Stop);

        (await Store.FindAsync("int_1", 0, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Note_OfManyAtOnce_KeepsEach()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => Store.NoteAsync($"int_{i % 20}", i / 20, Three[..((i % 3) + 1)], Stop))));

        for (var i = 0; i < 200; i++) (await Store.FindAsync($"int_{i % 20}", i / 20, Stop)).Count.ShouldBe((i % 3) + 1);
    }
}
