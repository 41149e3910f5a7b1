using System.Collections.Concurrent;
using Signal.Configure;
using Signal.Destinations;
using Signal.State;

namespace Signal.Deliver;

/// <summary>The targets there are, one for each enabled integration; lanes and replays of an integration share its one.</summary>
internal sealed class Targets(IDeliveryStore store, IRefusalStore refusals, TimeProvider time, DeliverOptions options, FindDestination find, Func<double> random)
{
    private readonly ConcurrentDictionary<string, Target> _byId = [];
    private readonly ConcurrentDictionary<string, RefusalBudget> _budgets = [];

    public IEnumerable<Target> All => _byId.Values;

    public Target? Find(string integrationId) => _byId.GetValueOrDefault(integrationId);

    /// <summary>The target of an integration, made if there is none, at this revision. A revision that can't be used shows as a configuration error.</summary>
    public async Task<Target> UseAsync(Integration integration, CancellationToken stop)
    {
        if (_byId.TryGetValue(integration.Id, out var target))
        {
            if (target.Current.Integration.Revision == integration.Revision) return target;
            var revision = TargetRevision.Of(integration, find);
            target.Use(revision);
            await ReportAsync(target, stop);
            return target;
        }

        target = new Target(TargetRevision.Of(integration, find), store, BudgetOf, Refused, InDoubt, time, options, random);
        await ResumeAsync(target, integration, stop);
        await ReportAsync(target, stop);
        return _byId[integration.Id] = target;
    }

    public void Remove(string integrationId) => _byId.TryRemove(integrationId, out _);

    // A process that restarts again and again must not have its token refused each time.
    private async Task ResumeAsync(Target target, Integration integration, CancellationToken stop)
    {
        var health = await target.Health.LoadAsync(stop);
        var refused = await target.Budget.LastAsync(stop);
        if (health is { Status: TargetHealth.ConfigurationError } && integration.UpdatedAt < health.Since)
            target.Circuit.Stop(refused + RefusalBudget.Spacing ?? time.GetUtcNow());
        else if (refused is not null) target.Circuit.ProbeFirst();
    }

    // Many integrations may share a token, and many tokens may end together with the user who had them: one after another all would be
    // refused. What is only likely good is asked for together.
    private void Refused(Target target)
    {
        if (target.Current.Encoder is not { } refused) return;
        foreach (var other in All.Where(t => t != target && t.Current.Encoder?.Server == refused.Server))
        {
            var same = other.Current.Encoder!.SharesCredentials(refused);
            other.Circuit.Doubt(same ? RefusalBudget.Own : RefusalBudget.Most, together: !same);
            other.Wake();
        }
    }

    private List<Target> InDoubt(Target target) =>
        [.. All.Where(t => t.Circuit.InDoubt && t.Current.Encoder is { } encoder && target.Current.Encoder!.CanBeProbedWith(encoder)).OrderBy(t => t != target).Take(RequestLimits.MostTogether)];

    private RefusalBudget BudgetOf(string server) => _budgets.GetOrAdd(server, s => new RefusalBudget(s, refusals, time));

    private static Task ReportAsync(Target target, CancellationToken stop) => target.Current.Problem is { } problem
        ? target.Health.StoppedAsync("configuration_invalid", problem, stop)
        : Task.CompletedTask;
}
