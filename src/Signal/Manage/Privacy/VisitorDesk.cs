using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.Record;
using Signal.State;

namespace Signal.Manage.Privacy;

/// <summary>Finds, exports and erases what is held of a person, across log, records, dead letters, states and consent, for API and console alike.</summary>
internal sealed class VisitorDesk(
    IConfigurationFeed feed, IDeliveryStore store, VisitorLog events, IEventFeed live, Erasures erasures, IPrivacyTools tools, IAuditLog log, Audit audit, TimeProvider time)
{
    /// <summary>How much is held, here and at the destinations.</summary>
    public async Task<HeldView> FindAsync(VisitorKey key, CancellationToken stop)
    {
        var visitors = await ResolveAsync(key, stop);
        var held = await CollectAsync(visitors, stop);
        var counts = held.Select(v => new HeldOfVisitor(v.SourceId, v.AnonymousId, v.Data.ToDictionary(d => d.Key, d => d.Value.Count)));
        return new HeldView([.. counts], await HandOnAsync(key, visitors, held, HandOnPurpose.Find, stop));
    }

    /// <summary>Whether anything is held here.</summary>
    public async Task<bool> HoldsAsync(VisitorKey key, CancellationToken stop) => (await CollectAsync(await ResolveAsync(key, stop), stop)).Count > 0;

    /// <summary>All that is held.</summary>
    public async Task<ExportView> ExportAsync(VisitorKey key, Actor actor, CancellationToken stop)
    {
        var visitors = await ResolveAsync(key, stop);
        var held = await CollectAsync(visitors, stop);
        var view = new ExportView(time.GetUtcNow(), held, await HandOnAsync(key, visitors, held, HandOnPurpose.Export, stop));
        await log.AppendAsync(audit.Entry(actor, "visitor.exported", Pseudonym(key), null, new { Visitors = view.Visitors.Count }), stop);
        return view;
    }

    /// <summary>Erases all that was received until now; of what is on its way to a destination at this moment nothing is written down afterwards.</summary>
    public async Task<ErasureReceipt> EraseAsync(VisitorKey key, Actor actor, CancellationToken stop)
    {
        var at = time.GetUtcNow();
        var erased = new Dictionary<string, int>();
        var visitors = (await ResolveAsync(key, stop)).ToHashSet();
        var held = await CollectAsync(visitors, stop);

        // Lanes first, then the log: what is gone there can't make new state.
        foreach (var visitor in visitors) erasures.Note(visitor.SourceId, visitor.AnonymousId, at);
        Add("events", await events.EraseAsync(visitors.Select(v => v.AnonymousId).Append(key.UserId ?? key.AnonymousId!), AreTheirs, stop));
        foreach (var visitor in visitors)
            foreach (var (kind, count) in await store.EraseVisitorAsync(IntegrationsOf(visitor.SourceId), visitor.SourceId, visitor.AnonymousId, at, stop)) Add(kind, count);
        live.Forget(item => item.AnonymousId is { } id && visitors.Contains(new FoundVisitor(item.SourceId, id)));

        // Then the destinations: nothing of what was held can reach them any more.
        var handedOn = await HandOnAsync(key, visitors, held, HandOnPurpose.Erase, stop);
        var receipt = new ErasureReceipt(Ids.New("era", time.GetUtcNow()), erased, time.GetUtcNow(), handedOn);
        var told = handedOn.Select(h => new { h.IntegrationId, h.Status, h.Visits });
        await log.AppendAsync(audit.Entry(actor, "visitor.erased", receipt.Id, null, new { Erased = erased, Subject = Pseudonym(key), HandedOn = told }), stop);
        return receipt;

        // The log may still hold events of a source that was deleted.
        bool AreTheirs(Event e) => (key.SourceId ?? e.SourceId) == e.SourceId
            && (visitors.Contains(new FoundVisitor(e.SourceId, e.AnonymousId)) || e.AnonymousId == key.AnonymousId || (key.UserId is { } user && e.UserId == user));

        void Add(string kind, int count) => erased[kind] = erased.GetValueOrDefault(kind) + count;
    }

    // Every integration in question, one after the other since several may share a Matomo; also of visitors of whom nothing is held here any more: a destination remembers longer.
    private async Task<IReadOnlyList<HandedOn>> HandOnAsync(
        VisitorKey key, IReadOnlyCollection<FoundVisitor> visitors, IReadOnlyList<ExportedVisitor> held, HandOnPurpose purpose, CancellationToken stop)
    {
        var answers = new List<HandedOn>();
        foreach (var integration in feed.Current.Integrations.Values.Where(i => (key.SourceId ?? i.SourceId) == i.SourceId).OrderBy(i => i.Id, StringComparer.Ordinal))
        {
            var subject = new Subject(
                [.. visitors.Where(v => v.SourceId == integration.SourceId).Select(v => v.AnonymousId).Distinct()],
                key.UserId is { } user ? [user] : [],
                held.Any(v => v.SourceId == integration.SourceId && v.Data.ContainsKey("users")));
            if (await tools.AskAsync(integration, subject, purpose, stop) is { } result)
                answers.Add(new HandedOn(integration.Id, result.Status, result.Visits, result.Remedy, result.Data));
        }

        return answers;
    }

    // The audit log must be able to prove an erasure without keeping the id that was erased.
    private static string Pseudonym(VisitorKey key) => $"sha256:{Keys.Hash(key.UserId ?? key.AnonymousId ?? "")}";

    private async Task<IReadOnlyList<ExportedVisitor>> CollectAsync(IReadOnlyCollection<FoundVisitor> visitors, CancellationToken stop)
    {
        var all = new List<ExportedVisitor>();
        foreach (var visitor in visitors)
        {
            var held = await store.ExportVisitorAsync(IntegrationsOf(visitor.SourceId), visitor.SourceId, visitor.AnonymousId, stop);
            var data = held.Where(h => h.Value.Count > 0).ToDictionary(h => h.Key, h => (IReadOnlyList<JsonElement>)[.. h.Value.Select(Parsed)]);
            var received = await events.OfVisitorAsync(visitor.SourceId, visitor.AnonymousId, stop);
            if (received.Count > 0) data["events"] = [.. received.Select(e => JsonSerializer.SerializeToElement(Resources.ReceivedView.Of(e), Http.ApiJson.Options))];
            if (data.Count > 0) all.Add(new ExportedVisitor(visitor.SourceId, visitor.AnonymousId, data));
        }

        return all;
    }

    private async Task<IReadOnlyCollection<FoundVisitor>> ResolveAsync(VisitorKey key, CancellationToken stop)
    {
        var sources = feed.Current.Sources.Keys.Where(s => key.SourceId is null || s == key.SourceId).ToList();
        if (key.AnonymousId is { } visitor) return [.. sources.Select(s => new FoundVisitor(s, visitor))];

        var found = (await events.OfUserAsync(key.UserId!, stop)).Where(v => key.SourceId is null || v.SourceId == key.SourceId).ToHashSet();
        foreach (var source in sources)
            foreach (var known in await store.AnonymousIdsOfAsync(IntegrationsOf(source), key.UserId!, stop)) found.Add(new FoundVisitor(source, known));
        return found;
    }

    private List<string> IntegrationsOf(string sourceId) => [.. feed.Current.IntegrationsBySource[sourceId].Select(i => i.Id)];

    private static JsonElement Parsed(string row)
    {
        using var document = JsonDocument.Parse(row);
        return document.RootElement.Clone();
    }
}
