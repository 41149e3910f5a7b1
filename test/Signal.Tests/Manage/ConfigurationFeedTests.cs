using Shouldly;
using Signal.Configure;
using Signal.State;
using Signal.Tests.Manage.Fakes;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class ConfigurationFeedTests
{
    private static readonly AuditEntry Entry = new("log_1", Some.Noon, "system", "source.created", "source", "src_a", new Dictionary<string, AuditChange>(), null);
    private readonly FakeConfigurationStore _store = new(new FakeAuditLog());

    [Fact]
    public async Task Reload_NewerVersion_WakesWhoeverWaits()
    {
        using var feed = new ConfigurationFeed(_store);
        await feed.ReloadAsync(default);
        var changed = feed.ChangedAsync(feed.Current.Version, default);
        changed.IsCompleted.ShouldBeFalse();

        await _store.SaveAsync(Source(), Entry, default);
        (await feed.ReloadAsync(default)).ShouldBeTrue();

        await changed.WaitAsync(TimeSpan.FromSeconds(10));
        feed.Current.Sources.ShouldContainKey("src_a");
        (await feed.ReloadAsync(default)).ShouldBeFalse();
        feed.ChangedAsync(0, default).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Reload_StoreFails_KeepsTheSnapshotInForce()
    {
        using var feed = new ConfigurationFeed(_store);
        await _store.SaveAsync(Source(), Entry, default);
        await feed.ReloadAsync(default);
        _store.Broken = new InvalidOperationException("disk");

        await Should.ThrowAsync<InvalidOperationException>(() => feed.ReloadAsync(default));

        feed.Current.Sources.ShouldContainKey("src_a");
    }

    [Fact]
    public async Task ChangedAsync_Stopped_Cancels()
    {
        using var feed = new ConfigurationFeed(_store);
        using var stop = new CancellationTokenSource();
        var changed = feed.ChangedAsync(0, stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => changed);
    }

    private static Source Source() => new() { Id = "src_a", Name = "A", Domain = "a.example.com", PipelineKey = "dk_live_a", Secret = "sk_a", CreatedAt = Some.Noon, UpdatedAt = Some.Noon };
}
