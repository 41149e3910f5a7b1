using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Signal.State;

namespace Signal.Record;

/// <summary>
/// Adds up counts until somebody takes them to be written, a second later as a rule: what is counted takes the minute of the taking.
/// Adding is one look-up and one interlocked addition. Scopes and names are few, so no sum is ever thrown away.
/// </summary>
internal sealed class Counters(TimeProvider time) : ICounters
{
    private readonly ConcurrentDictionary<(string Scope, string Name), StrongBox<long>> _sums = [];

    /// <inheritdoc/>
    public void Add(string scope, string name, long by = 1) =>
        Interlocked.Add(ref _sums.GetOrAdd((scope, name), _ => new StrongBox<long>()).Value, by);

    /// <summary>Takes what was counted since the last call; the caller writes it or gives it back.</summary>
    public IReadOnlyList<CountDelta> Take()
    {
        var now = time.GetUtcNow();
        var deltas = new List<CountDelta>();
        foreach (var ((scope, name), sum) in _sums)
        {
            if (Interlocked.Exchange(ref sum.Value, 0) is var by and not 0) deltas.Add(new CountDelta(scope, name, now, by));
        }

        return deltas;
    }

    /// <summary>Gives back what could not be written.</summary>
    public void GiveBack(IEnumerable<CountDelta> deltas)
    {
        foreach (var d in deltas) Add(d.Scope, d.Name, d.By);
    }
}
