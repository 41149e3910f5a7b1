using Signal.Configure;
using Signal.Record;
using Signal.Manage.Resources;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeReplays(TimeProvider time) : IReplays
{
    private readonly List<(string Integration, ReplayView Replay)> _replays = [];

    public ReplayRequest? Asked { get; private set; }

    public DeadLetterSelection? Selected { get; private set; }

    public Task<ReplayView> StartAsync(Integration integration, ReplayRequest request, CancellationToken stop)
    {
        Asked = request;
        return Begin(integration, request.DryRun ? "dry_run" : "running");
    }

    public Task<ReplayView> StartAsync(Integration integration, DeadLetterSelection selection, CancellationToken stop)
    {
        Selected = selection;
        return Begin(integration, "running");
    }

    public Task<IReadOnlyList<ReplayView>> ListAsync(string integrationId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<ReplayView>>([.. _replays.Where(r => r.Integration == integrationId).Select(r => r.Replay).Reverse()]);

    public Task<ReplayView?> FindAsync(string integrationId, string replayId, CancellationToken stop) =>
        Task.FromResult(_replays.Find(r => r.Integration == integrationId && r.Replay.Id == replayId).Replay)!;

    public Task<bool> CancelAsync(string integrationId, string replayId, CancellationToken stop) =>
        Task.FromResult(_replays.RemoveAll(r => r.Integration == integrationId && r.Replay.Id == replayId && r.Replay.Status == "running") > 0);

    private Task<ReplayView> Begin(Integration integration, string status)
    {
        var replay = new ReplayView($"rpl_{_replays.Count + 1}", status, 3, 0, 0, time.GetUtcNow(), null);
        _replays.Add((integration.Id, replay));
        return Task.FromResult(replay);
    }
}
