using Signal.State;

namespace Signal.Deliver;

/// <summary>
/// Keeps what people see of an integration's health in step with what its lanes meet: <c>configuration_error</c> while stopped,
/// <c>retrying</c> while any lane is failing, else <c>active</c>. Writes only when that changes.
/// </summary>
internal sealed class TargetHealth(string integrationId, IDeliveryStore store, TimeProvider time) : IDisposable
{
    public const string Active = "active";
    public const string Retrying = "retrying";
    public const string ConfigurationError = "configuration_error";

    /// <summary>Every status an enabled integration can have.</summary>
    public static readonly IReadOnlyList<string> All = [Active, Retrying, ConfigurationError];

    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<string> _failing = [];
    private bool _loaded;

    /// <summary>What was written last; null when never.</summary>
    public IntegrationHealth? Current { get; private set; }

    /// <summary>Reads what an earlier process wrote.</summary>
    public async Task<IntegrationHealth?> LoadAsync(CancellationToken stop)
    {
        Current = (await store.HealthAsync(stop)).GetValueOrDefault(integrationId);
        _loaded = true;
        return Current;
    }

    /// <summary>A lane met trouble that should pass.</summary>
    public Task FailingAsync(string lane, string reason, string message, CancellationToken stop) => ChangeAsync(() =>
    {
        _failing.Add(lane);
        if (Current?.Status == ConfigurationError) return null;
        return Current is { Status: Retrying } known && known.Reason == reason
            ? null
            : new IntegrationHealth(Retrying, Current is { Status: Retrying } before ? before.Since : time.GetUtcNow(), reason, message);
    }, stop);

    /// <summary>The configuration was found wrong.</summary>
    public Task StoppedAsync(string reason, string message, CancellationToken stop) => ChangeAsync(() =>
        Current is { Status: ConfigurationError } known && known.Reason == reason && known.Message == message
            ? null
            : new IntegrationHealth(ConfigurationError, Current is { Status: ConfigurationError } before ? before.Since : time.GetUtcNow(), reason, message), stop);

    /// <summary>A lane got on, or has ended.</summary>
    public Task FineAsync(string lane, bool succeeded, CancellationToken stop)
    {
        if (succeeded && Current?.Status == Active && _loaded) return Task.CompletedTask;
        return ChangeAsync(() =>
        {
            _failing.Remove(lane);
            if (_failing.Count > 0 || Current?.Status == Active) return null;
            return succeeded || Current?.Status == Retrying ? new IntegrationHealth(Active, time.GetUtcNow(), null, null) : null;
        }, stop);
    }

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(Func<IntegrationHealth?> decide, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            if (decide() is not { } next) return;
            await store.SetHealthAsync(integrationId, next, stop);
            Current = next;
        }
        finally
        {
            _turn.Release();
        }
    }
}
