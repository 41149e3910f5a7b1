using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>Notes of what is under way, in memory.</summary>
internal sealed class FakeUnderWayStore : IUnderWayStore
{
    private readonly Dictionary<(string Lane, int Partition), IReadOnlyList<UnderWay>> _notes = [];

    /// <summary>Nothing can be written or read.</summary>
    public bool Broken { get; set; }

    /// <summary>Keeps nothing, as a power cut does.</summary>
    public bool Forgets { get; set; }

    /// <summary>What is noted of a lane.</summary>
    public IReadOnlyList<UnderWay> Of(string lane, int partition = 0) => _notes.GetValueOrDefault((lane, partition)) ?? [];

    public Task NoteAsync(string lane, int partition, IReadOnlyCollection<UnderWay> events, CancellationToken stop)
    {
        if (Broken) throw new StateUnavailableException("/srv/data/sending.db: the disk is full.");
        if (!Forgets) _notes[(lane, partition)] = [.. events.OrderBy(e => e.Offset)];
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<UnderWay>> FindAsync(string lane, int partition, CancellationToken stop) =>
        Broken ? throw new StateUnavailableException("/srv/data/sending.db: the disk is full.") : Task.FromResult(Of(lane, partition));
}
