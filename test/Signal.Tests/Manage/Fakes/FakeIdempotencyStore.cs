using Signal.State;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeIdempotencyStore : IIdempotencyStore
{
    private readonly Dictionary<string, (IdempotentCall Call, DateTimeOffset Until)> _calls = [];
    private readonly Lock _lock = new();

    public Task<IdempotentCall?> BeginAsync(string call, string fingerprint, DateTimeOffset now, DateTimeOffset until, CancellationToken stop)
    {
        lock (_lock)
        {
            if (_calls.TryGetValue(call, out var known) && known.Until > now) return Task.FromResult<IdempotentCall?>(known.Call);
            _calls[call] = (new IdempotentCall(fingerprint, null), until);
            return Task.FromResult<IdempotentCall?>(null);
        }
    }

    /// <summary>Answers can't be kept.</summary>
    public bool Broken { get; set; }

    public Task FinishAsync(string call, string answer, CancellationToken stop)
    {
        if (Broken) throw new StateUnavailableException("The disk is full.");
        lock (_lock) _calls[call] = (_calls[call].Call with { Answer = answer }, _calls[call].Until);
        return Task.CompletedTask;
    }

    public Task ForgetAsync(string call, CancellationToken stop)
    {
        lock (_lock) _calls.Remove(call);
        return Task.CompletedTask;
    }
}
