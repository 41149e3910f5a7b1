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

    /// <summary>Another lane whose cursor must stand as believed for this one's settlements to be written; null for none.</summary>
    ExpressFence? Within => null;

    /// <summary>Where a lane that has no cursor yet starts: the last offset not for it. Null when there is nothing for it to do yet.</summary>
    ValueTask<long?> StartAsync(CancellationToken stop);

    /// <summary>Told where the lane stands in the store; null when it must look again.</summary>
    void Stands(Cursor? stored)
    {
    }

    /// <summary>Asked before a run is read: how the cursor is to be changed first. Null when there is nothing more for the lane to do: it starts anew.</summary>
    ValueTask<Turn?> TurnAsync(Cursor at, CancellationToken stop) => ValueTask.FromResult<Turn?>(new Turn(at));

    /// <summary>Records after a cursor, in order, those not for this lane with an empty payload; empty at the end.</summary>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Cursor from, int max, CancellationToken stop);

    /// <summary>The states the visitors of these events had after everything up to an offset.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> StatesAsync(long after, IReadOnlyList<Event> events, CancellationToken stop);

    /// <summary>Whether the event is to be sent; one that is not still changes its visitor's state.</summary>
    bool Selects(Event e) => true;

    /// <summary>The dead letter at this offset: only its failed hits are wanted, and if it fails again it keeps its id; null when it is none.</summary>
    DeadLetter? DeadLetterAt(long offset) => null;

    /// <summary>The settlement with what else it changes for this source, in the same transaction.</summary>
    Settlement Complete(Settled settled);

    /// <summary>Told after every settlement that moved the cursor.</summary>
    ValueTask SettledAsync(Settled settled, CancellationToken stop) => ValueTask.CompletedTask;

    /// <summary>Completes when a lane that waits for anything should step again; take it before the step. Null for never.</summary>
    Task? Changed => null;

    /// <summary>Completes when there may be something after the offset.</summary>
    Task WaitAsync(long after, CancellationToken stop);
}

/// <summary>A change of a lane's cursor that is none of place.</summary>
/// <param name="Next">The cursor from now on.</param>
/// <param name="Ends">Where the express lane stood that ends with it.</param>
internal readonly record struct Turn(Cursor Next, Cursor? Ends = null);
