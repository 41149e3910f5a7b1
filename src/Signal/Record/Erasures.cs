using System.Collections.Concurrent;
using Signal.Events;

namespace Signal.Record;

/// <summary>
/// Who was erased lately, for lanes that hold their events in memory: asked right before a request is sent. Within one process;
/// what is stored is guarded by the store itself.
/// </summary>
internal sealed class Erasures
{
    /// <summary>No lane holds an event for as long as this.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Source, string Visitor), DateTimeOffset> _erased = new();

    /// <summary>What was received of a visitor until this moment is erased.</summary>
    public void Note(string sourceId, string anonymousId, DateTimeOffset at)
    {
        foreach (var (visitor, when) in _erased)
            if (when < at - Kept) _erased.TryRemove(visitor, out _);
        _erased[(sourceId, anonymousId)] = at;
    }

    /// <summary>Whether an event was erased.</summary>
    public bool Cover(Event e) =>
        !_erased.IsEmpty && _erased.TryGetValue((e.SourceId, e.AnonymousId), out var at) && e.ReceivedAt <= at;
}
