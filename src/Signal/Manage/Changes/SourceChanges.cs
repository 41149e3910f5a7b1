using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>Checks, stores, audits and puts into force every change of a source, for API and console alike.</summary>
internal sealed class SourceChanges(IConfigurationStore store, ConfigurationFeed feed, Removals removals, IFurtherRules<SourceInput> form, Audit audit, TimeProvider time)
{
    /// <summary>A new source with a key and a secret of its own.</summary>
    public async Task<Outcome<Source>> CreateAsync(SourceInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var source = Stated(input, new Source
        {
            Id = input.Id ?? Ids.New("src", now),
            Name = "",
            Domain = "",
            PipelineKey = Keys.Pipeline(),
            Secret = Keys.Secret(),
            CreatedAt = now,
            UpdatedAt = now,
        });
        if (Wrong(input, source) is { Count: > 0 } errors) return new Outcome<Source>.Invalid(errors);
        if (feed.Current.Sources.ContainsKey(source.Id)) return new Outcome<Source>.Conflict("ALREADY_EXISTS", $"There is already a source {source.Id}.");
        return await SaveAsync(source, null, "source.created", actor, stop);
    }

    /// <summary>Replaces what people may state of a source.</summary>
    public async Task<Outcome<Source>> ReplaceAsync(string id, SourceInput input, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Sources.TryGetValue(id, out var current)) return new Outcome<Source>.Missing();
        if (input.Id is not null && input.Id != id) return Fixed("id");
        if (expected is not null && expected != current.Revision) return new Outcome<Source>.Stale();
        var next = Next(Stated(input, current));
        if (Wrong(input, next) is { Count: > 0 } errors) return new Outcome<Source>.Invalid(errors);
        return await SaveAsync(next, current, "source.updated", actor, stop);
    }

    /// <summary>Changes the fields given (RFC 7396).</summary>
    public async Task<Outcome<Source>> PatchAsync(string id, JsonElement patch, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Sources.TryGetValue(id, out var current)) return new Outcome<Source>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<Source>.Stale();
        var (input, errors) = await FormReader.ReadAsync(JsonPatch.Apply(SourceView.Of(current).ToInput(), patch), form, id, stop);
        return input is null ? new Outcome<Source>.Invalid(errors) : await ReplaceAsync(id, input, expected, actor, stop);
    }

    /// <summary>A new pipeline key or secret; the old key works on for <paramref name="grace"/>.</summary>
    public async Task<Outcome<Source>> RotateAsync(string id, bool key, bool secret, TimeSpan grace, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Sources.TryGetValue(id, out var current)) return new Outcome<Source>.Missing();
        var now = time.GetUtcNow();
        var alive = current.RetiredKeys.Where(k => k.Until > now);
        var next = Next(current) with
        {
            PipelineKey = key ? Keys.Pipeline() : current.PipelineKey,
            RetiredKeys = key && grace > TimeSpan.Zero ? [.. alive, new RetiredKey(current.PipelineKey, now + grace)] : [.. alive],
            Secret = secret ? Keys.Secret() : current.Secret,
        };
        return await SaveAsync(next, current, "source.key_rotated", actor, stop);
    }

    /// <summary>Removes a source with its integrations, all that is known of their deliveries and the alert rules for them.</summary>
    public async Task<Outcome<Source>> DeleteAsync(string id, int? expected, Actor actor, CancellationToken stop)
    {
        if (!feed.Current.Sources.TryGetValue(id, out var current)) return new Outcome<Source>.Missing();
        if (expected is not null && expected != current.Revision) return new Outcome<Source>.Stale();
        if (!await store.DeleteSourceAsync(id, await removals.OfAsync(current, actor, stop), stop)) return new Outcome<Source>.Missing();
        await feed.ReloadAsync(stop);
        return new Outcome<Source>.Done(current);
    }

    /// <summary>Stores a source that was made elsewhere, as the successor of <paramref name="before"/> (null: a new one).</summary>
    public async Task<Outcome<Source>> SaveAsync(Source source, Source? before, string action, Actor actor, CancellationToken stop)
    {
        var errors = SourceRules.Check(source, feed.Current.Sources.Values.Where(s => s.Id != source.Id));
        if (errors.Count > 0) return new Outcome<Source>.Invalid(errors);
        string[] secrets = before is not null && before.Secret != source.Secret ? ["secret"] : [];
        var entry = audit.Entry(actor, action, source.Id, before is null ? null : SourceView.Of(before), SourceView.Of(source), secrets);
        var saved = await store.SaveAsync(source, entry, stop);
        await feed.ReloadAsync(stop);
        return saved ? new Outcome<Source>.Done(source) : new Outcome<Source>.Stale();
    }

    private IReadOnlyList<FieldError> Wrong(SourceInput input, Source stated) =>
        FieldErrors.Joined(InputCheck.Of(input), SourceRules.Check(stated, feed.Current.Sources.Values.Where(s => s.Id != stated.Id)));

    private Source Next(Source source) => source with { Revision = source.Revision + 1, UpdatedAt = time.GetUtcNow() };

    /// <summary>What the input states, on top of a source.</summary>
    public static Source Stated(SourceInput input, Source onto) => onto with
    {
        Name = input.Name.Trim(),
        Domain = input.Domain.Trim().ToLowerInvariant(),
        Enabled = input.Enabled,
        Consent = input.Consent,
        AllowedOrigins = [.. input.AllowedOrigins.Select(o => o.TrimEnd('/')).Distinct()],
        AllowLocalhost = input.AllowLocalhost,
        RateLimit = input.RateLimit,
        FilterBots = input.FilterBots,
        Cookie = input.Cookie,
        Sdk = input.Sdk,
    };

    private static Outcome<Source>.Invalid Fixed(string field) =>
        new([new FieldError(field, "fixed", $"{field} can't be changed. Leave it out, or make a new source.")]);
}
