using Signal.Events;
using Signal.Log;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Where a lane's records come from and whose state they change: the log itself, or a replay.</summary>
internal interface ILaneSource
{
    /// <summary>Settling writes the visitors' states. A replay does not: its events changed them the first time.</summary>
    bool WritesStates { get; }

    /// <summary>Events that are not sent are recorded with their reason. A replay of a range does not: it would overwrite what became of them the first time.</summary>
    bool RecordsDrops { get; }

    /// <summary>Where a lane that has no cursor yet starts: the last offset not for it.</summary>
    ValueTask<long> StartAsync(CancellationToken stop);

    /// <summary>Records after an offset, in order; empty at the end.</summary>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(long after, int max, CancellationToken stop);

    /// <summary>The states the visitors of these events had after everything up to an offset.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop);

    /// <summary>Whether the event is to be sent; one that is not still changes its visitor's state.</summary>
    bool Selects(Event e);

    /// <summary>The dead letter at this offset: only its failed hits are wanted, and if it fails again it keeps its id; null when it is none.</summary>
    DeadLetter? DeadLetterAt(long offset);

    /// <summary>The settlement with what else it changes for this source, in the same transaction.</summary>
    Settlement Complete(Settled settled);

    /// <summary>Told after every settlement that moved the cursor.</summary>
    ValueTask SettledAsync(Settled settled, CancellationToken stop);

    /// <summary>Completes when there is something after the offset.</summary>
    Task WaitAsync(long after, CancellationToken stop);
}
