using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>An event to look at, and what to try it with.</summary>
internal sealed record PreviewInput
{
    /// <summary>The event as a sender would send it. Either this or event_id.</summary>
    public JsonElement? Event { get; init; }

    /// <summary>A stored event, evt_…. Either this or event.</summary>
    public string? EventId { get; init; }

    /// <summary>Rows to try in place of the stored ones.</summary>
    public IReadOnlyList<FieldMapping>? Mappings { get; init; }

    /// <summary>Settings to try on top of the stored ones.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Config { get; init; }
}

/// <summary>What an event would become.</summary>
/// <param name="Requests">The requests, in order; nothing is sent.</param>
/// <param name="Rules">Field to where it came from.</param>
/// <param name="Warnings">What was changed to make it acceptable.</param>
/// <param name="Dropped">Why nothing would be sent, or null.</param>
internal sealed record PreviewView(IReadOnlyList<PreviewRequest> Requests, IReadOnlyDictionary<string, string> Rules, IReadOnlyList<string> Warnings, string? Dropped);

/// <summary>One request, credentials masked.</summary>
internal sealed record PreviewRequest(string Method, string Url, IReadOnlyDictionary<string, string> Fields, string Body);

/// <summary>Shows what an event would become, without sending anything, for API and console alike.</summary>
internal sealed class Previews(
    IConfigurationFeed feed, IConfigurationStore configurations, Catalogue catalogue, IDeliveryStore store, StoredEvents stored, TimeProvider time)
{
    /// <summary>What the event would become for the integration as stored, or with what the input tries.</summary>
    public async Task<Outcome<PreviewView>> ShowAsync(string id, PreviewInput input, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var current) || catalogue.Find(current.Vendor) is not { } destination) return new Outcome<PreviewView>.Missing();
        var errors = new List<FieldError>();
        var tried = Tried(current, input, destination.Manifest, errors);
        var (@event, error) = await EventAsync(input, current.SourceId, stop);
        if (error is not null) errors.Add(error);
        var found = destination.Check(tried);
        errors.AddRange(found.Errors);
        if (errors.Count > 0) return new Outcome<PreviewView>.Invalid(errors);

        var states = await store.VisitorsAsync(id, [@event!.AnonymousId], stop);
        return new Outcome<PreviewView>.Done(Show(destination.Compile(found.Integration), @event, states));
    }

    /// <summary>What an event became by a revision; null when that can't be told any more.</summary>
    public async Task<PreviewView?> ShowAsync(string id, int revision, Event @event, CancellationToken stop)
    {
        if (!feed.Current.Integrations.TryGetValue(id, out var current) || catalogue.Find(current.Vendor) is not { } destination) return null;
        var then = current.Revision == revision ? current : await RevisionAsync(id, revision, stop);
        if (then is null || destination.Check(then with { Secrets = current.Secrets }) is not { Errors: [] } found) return null;
        return Show(destination.Compile(found.Integration), @event, await store.VisitorsAsync(id, [@event.AnonymousId], stop));
    }

    private async Task<Integration?> RevisionAsync(string id, int revision, CancellationToken stop) =>
        (await configurations.RevisionsAsync(id, revision + 1, 1, stop)) is [var row] && row.Integration.Revision == revision ? row.Integration : null;

    private PreviewView Show(IEncoder encoder, Event @event, IReadOnlyDictionary<string, string> states)
    {
        var encoded = encoder.Encode([@event], states)[0];
        var requests = encoded.Hits.Select(hit => encoder.Pack([hit], RequestForm.Single, time.GetUtcNow())).Select(request =>
        {
            var fields = QueryHelpers.ParseQuery(request.Shown[0]).ToDictionary(f => f.Key, f => f.Value.ToString());
            return new PreviewRequest(request.Method, request.Url.ToString(), fields, request.Shown[0]);
        });
        return new PreviewView([.. requests], encoded.Rules, encoded.Warnings, encoded.DropReason);
    }

    private async Task<(Event? Event, FieldError? Error)> EventAsync(PreviewInput input, string sourceId, CancellationToken stop)
    {
        if (input.Event is { } pasted) return PastedEvent.Read(pasted, sourceId, time.GetUtcNow());
        if (input.EventId is not { } id) return (null, new("event", "required", "event or event_id is required."));
        return (await stored.FindAsync(id, stop)).Event is { } found && found.SourceId == sourceId
            ? (found, null)
            : (null, new("event_id", "unknown", $"The log does not hold {id} for this source any more. Paste the event as event instead."));
    }

    private static Integration Tried(Integration current, PreviewInput input, Manifest manifest, List<FieldError> errors)
    {
        var (config, secrets) = (current.Config.ToDictionary(), current.Secrets.ToDictionary());
        foreach (var (key, value) in input.Config ?? new Dictionary<string, JsonElement>())
        {
            if (manifest.Settings.FirstOrDefault(s => s.Key == key) is not { } setting) errors.Add(FieldErrors.Unknown($"config.{key}", key, manifest.Settings.Select(s => s.Key)));
            else if (setting.Type != "secret") config[key] = value;
            else if (value.ValueKind == JsonValueKind.String && value.GetString() != Mask.Text) secrets[key] = value.GetString()!;
        }

        foreach (var gone in config.Where(c => c.Value.ValueKind == JsonValueKind.Null).ToList()) config.Remove(gone.Key);
        return current with { Config = config, Secrets = secrets, Mappings = input.Mappings ?? current.Mappings };
    }
}
