namespace Signal.Deliver;

/// <summary>
/// Lets requests of one integration go only when no other in flight shares a key with them (a visitor as the destination sees it,
/// an order), and no more than so many at once. A claim is all or nothing, so nobody waits while holding, so there is no deadlock;
/// an earlier claim is never overtaken by a later one that shares a key with it, so nobody starves.
/// </summary>
internal sealed class VisitorGate
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _held = [];
    private readonly LinkedList<Waiter> _waiting = new();
    private int _inFlight;
    private int _max = int.MaxValue;

    /// <summary>Requests in flight at most.</summary>
    public void Limit(int maxParallel)
    {
        lock (_lock)
        {
            _max = Math.Max(1, maxParallel);
            Admit();
        }
    }

    /// <summary>Completes when the keys are claimed; dispose of the claim when the request is settled.</summary>
    public async ValueTask<IDisposable> ClaimAsync(IReadOnlyCollection<string> keys, CancellationToken stop)
    {
        var waiter = new Waiter(keys);
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            node = _waiting.AddLast(waiter);
            Admit();
        }

        await using var registration = stop.Register(() => Cancel(node, stop));
        await waiter.Admitted.Task;
        return new Claim(this, keys);
    }

    private void Cancel(LinkedListNode<Waiter> node, CancellationToken stop)
    {
        lock (_lock)
        {
            if (node.List is null) return;
            _waiting.Remove(node);
            Admit();
        }

        node.Value.Admitted.TrySetCanceled(stop);
    }

    private void Release(IReadOnlyCollection<string> keys)
    {
        lock (_lock)
        {
            _inFlight--;
            foreach (var key in keys) _held.Remove(key);
            Admit();
        }
    }

    private void Admit()
    {
        HashSet<string>? wanted = null;
        for (var node = _waiting.First; node is not null && _inFlight < _max;)
        {
            var next = node.Next;
            var keys = node.Value.Keys;
            if (keys.Any(k => _held.Contains(k) || wanted?.Contains(k) == true))
            {
                (wanted ??= []).UnionWith(keys);
            }
            else
            {
                _waiting.Remove(node);
                _held.UnionWith(keys);
                _inFlight++;
                node.Value.Admitted.TrySetResult();
            }

            node = next;
        }
    }

    private sealed record Waiter(IReadOnlyCollection<string> Keys)
    {
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Claim(VisitorGate gate, IReadOnlyCollection<string> keys) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) gate.Release(keys);
        }
    }
}
