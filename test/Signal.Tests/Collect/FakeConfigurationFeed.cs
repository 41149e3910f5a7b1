using Signal.Configure;

namespace Signal.Tests.Collect;

/// <summary>A configuration that tests swap.</summary>
internal sealed class FakeConfigurationFeed(params IEnumerable<Source> sources) : IConfigurationFeed
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConfigurationSnapshot Current { get; private set; } = new(1, sources, []);

    public void Set(IEnumerable<Source> sources, IEnumerable<Integration> integrations)
    {
        Current = new ConfigurationSnapshot(Current.Version + 1, sources, integrations);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public async Task ChangedAsync(long version, CancellationToken stop)
    {
        while (Current.Version <= version) await _changed.Task.WaitAsync(stop);
    }
}
