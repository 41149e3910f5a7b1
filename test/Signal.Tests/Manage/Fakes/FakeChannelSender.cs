using Signal.State;
using Signal.Watch;

namespace Signal.Tests.Manage.Fakes;

/// <summary>Takes every notice, or refuses each with <see cref="Error"/>.</summary>
internal sealed class FakeChannelSender : IChannelSender
{
    public List<(AlertChannel Channel, Notice Notice)> Sent { get; } = [];

    public string? Error { get; set; }

    public Task<string?> SendAsync(AlertChannel channel, Notice notice, CancellationToken stop)
    {
        lock (Sent) Sent.Add((channel, notice));
        return Task.FromResult(Error);
    }
}

/// <summary>A disk with what a test gives it.</summary>
internal sealed class FakeDisk : IDisk
{
    /// <summary>Null: none is watched.</summary>
    public DiskSample? Sample { get; set; }

    public long? Log { get; set; }

    public long? LogBytes() => Log;

    public DiskSample? Measure(DateTimeOffset now) => Sample is null ? null : Sample with { At = now };
}
