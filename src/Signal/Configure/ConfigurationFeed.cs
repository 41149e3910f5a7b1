using Signal.State;

namespace Signal.Configure;

/// <summary>
/// The configuration in force, read from the store: the first load fails loud, a later one fails safe
/// (the snapshot in force stays). Safe for use by many threads.
/// </summary>
internal sealed class ConfigurationFeed(IConfigurationStore store) : IConfigurationFeed, IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile State _state = new(ConfigurationSnapshot.Empty);

    /// <inheritdoc/>
    public ConfigurationSnapshot Current => _state.Snapshot;

    /// <inheritdoc/>
    public async Task ChangedAsync(long version, CancellationToken stop)
    {
        while (_state is var state && state.Snapshot.Version <= version) await state.Superseded.Task.WaitAsync(stop);
    }

    /// <summary>Reads the store and puts a newer snapshot in force. Throws what the store throws; then nothing changes.</summary>
    /// <returns>True when a newer snapshot came into force.</returns>
    public async Task<bool> ReloadAsync(CancellationToken stop)
    {
        await _loading.WaitAsync(stop);
        try
        {
            var loaded = await store.LoadAsync(stop);
            var before = _state;
            if (loaded.Version <= before.Snapshot.Version) return false;
            _state = new State(loaded);
            before.Superseded.SetResult();
            return true;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _loading.Dispose();

    private sealed record State(ConfigurationSnapshot Snapshot)
    {
        public TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
