using Signal.Configure;

namespace Signal.Tests.Fakes;

/// <summary>A configuration a test changes at will.</summary>
internal sealed class FakeConfigurationFeed(IEnumerable<Source>? sources = null, IEnumerable<Integration>? integrations = null) : IConfigurationFeed
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConfigurationSnapshot Current { get; private set; } = new(1, sources ?? [], integrations ?? []);

    /// <summary>Adds an integration, or puts a new revision of it in force.</summary>
    public void Put(Integration integration) =>
        Set(Current.Sources.Values, Current.Integrations.Values.Where(i => i.Id != integration.Id).Append(integration));

    /// <summary>Deletes an integration.</summary>
    public void Remove(string integrationId) =>
        Set(Current.Sources.Values, Current.Integrations.Values.Where(i => i.Id != integrationId));

    /// <summary>Puts a whole configuration in force.</summary>
    public void Set(IEnumerable<Source> sources, IEnumerable<Integration> integrations)
    {
        Current = new ConfigurationSnapshot(Current.Version + 1, [.. sources], [.. integrations]);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public async Task ChangedAsync(long version, CancellationToken stop)
    {
        while (Current.Version <= version)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (Current.Version > version) return;
            await changed.WaitAsync(stop);
        }
    }
}
