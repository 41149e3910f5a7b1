using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;

namespace Signal.Tests.Fakes;

/// <summary>
/// A destination whose hits say where they come from. An event's body may hold <c>hits</c> (how many), <c>order</c> (its key),
/// <c>user</c> (the visitor the destination sees), <c>alone</c>, <c>poison</c>, <c>refuse</c>, <c>dnt</c>. A track called <c>view</c> travels with the visitor's page before it.
/// The visitor's state is the number of its events, so that an event applied twice shows.
/// </summary>
internal sealed class FakeDestination : IDestination
{
    public const string Vendor = "fake";

    /// <summary>What every integration is limited to.</summary>
    public RequestLimits Limits { get; set; } = new(RequestForm.Single, RequestForm.Bulk, 20, 4, null, null);

    public Manifest Manifest { get; } = new()
    {
        Vendor = Vendor,
        Name = "Fake",
        Description = "For tests.",
        Settings = [],
        Presets = [],
        DefaultPreset = "none",
        DefaultConsentCategories = [ConsentCategories.Analytics],
        Vocabulary = [],
    };

    public CheckedIntegration Check(Integration integration) => integration.Config.ContainsKey("wrong")
        ? new CheckedIntegration(integration, [new FieldError("config.wrong", "unknown", "is not wanted")], [])
        : new CheckedIntegration(integration, [], []);

    public IEncoder Compile(Integration integration) => new FakeEncoder(Limits, integration.Secrets.GetValueOrDefault("token") ?? "good");
}

/// <summary>The encoder of <see cref="FakeDestination"/>.</summary>
internal sealed class FakeEncoder(RequestLimits limits, string token) : IEncoder
{
    public RequestLimits Limits => limits;

    public string Server => "fake";

    public bool SharesCredentials(IEncoder other) => true;

    public IReadOnlyList<EncodedEvent> Encode(IReadOnlyList<Event> batch, IReadOnlyDictionary<string, string> visitors)
    {
        var states = visitors.ToDictionary(v => v.Key, v => int.Parse(v.Value));
        var result = new List<EncodedEvent>();
        var carriers = new Dictionary<string, int>();
        for (var i = 0; i < batch.Count; i++)
        {
            var e = batch[i];
            if (e.Body.TextAt("explode") is not null) throw new InvalidOperationException("explode");
            var n = states[e.AnonymousId] = states.GetValueOrDefault(e.AnonymousId) + 1;
            var encoded = new EncodedEvent { Event = e, VisitorState = n.ToString(), UserId = e.UserId };
            if (e.Type == EventType.Identify)
            {
                result.Add(encoded with { DropReason = Reasons.NoHit });
            }
            else if (e.Name == "view" && carriers.Remove(e.AnonymousId, out var carrier))
            {
                result[carrier] = result[carrier] with { Hits = [.. result[carrier].Hits.Select((h, k) => k == 0 ? With(h, e, n) : h)] };
                result.Add(encoded with { TravelsWith = carrier });
            }
            else
            {
                if (e.Type == EventType.Page) carriers[e.AnonymousId] = i;
                result.Add(encoded with { Hits = [.. Enumerable.Range(0, int.Parse(e.Body.TextAt("hits") ?? "1")).Select(h => HitOf(e, n, h))] });
            }
        }

        return result;
    }

    public DestinationRequest Pack(IReadOnlyList<Hit> hits, RequestForm form, DateTimeOffset destinationNow)
    {
        if (hits.Any(h => h.Fields.Any(f => f.Key == "unpackable"))) throw new InvalidOperationException("unpackable");
        if (form == RequestForm.Single && hits.Count != 1) throw new InvalidOperationException("a single holds one hit");
        if (hits.Count > 1 && hits.Any(h => h.MayBeRefused)) throw new InvalidOperationException("a refusable hit travels alone");
        if (hits.Select(h => h.DoNotTrack).Distinct().Count() > 1) throw new InvalidOperationException("mixed DNT");
        var fields = hits.Select(h => h.Fields.ToDictionary(f => f.Key, f => f.Value)).ToList();
        return new DestinationRequest("POST", new Uri($"http://fake/{form}"), "application/json",
            JsonSerializer.SerializeToUtf8Bytes(new FakeBody(token, fields)), new Dictionary<string, string>(),
            [.. fields.Select(f => string.Join('&', f.Select(p => $"{p.Key}={p.Value}")) + "&token=***")]);
    }

    public Verdict Classify(IReadOnlyList<Hit> hits, RequestForm form, DestinationResponse response) => response switch
    {
        { Failure: TransportFailure.NoAnswer } => new Verdict.Retry("no_answer", response.Body, null, Unknown: true),
        { Failure: { } failure } => new Verdict.Retry(failure.ToString().ToLowerInvariant(), response.Body),
        { Status: 400 } when form == RequestForm.Single => new Verdict.AskInBulk("bad_request"),
        { Status: 401 } => new Verdict.Stop("token", "The token was refused.", Credentials: true),
        { Status: 413 } => new Verdict.Divide("too_large", "Too large.", TooLarge: true),
        { Status: 200, Body: "some" } => new Verdict.Settled([.. hits.Select(_ => new HitOutcome(true, "some_refused"))], Vague: true),
        { Status: 500 } => new Verdict.Divide("server_error", "The server failed."),
        { Status: 200 } => new Verdict.Settled(
            [.. response.Body.Split(',').Select((o, i) => o switch
            {
                "ok" => HitOutcome.Delivered,
                "known" when hits[i].MayBeThere => new HitOutcome(true, "already_recorded"),
                _ => new HitOutcome(false, Reasons.RefusedByDestination, "refused"),
            })],
            ConfirmByProbe: response.Body.Contains("no"),
            Refused: !response.Body.Contains("ok")),
        _ => new Verdict.Retry($"status_{response.Status}", "Not now.", response.RetryAfter),
    };

    public DestinationRequest Probe(string nonce, RequestForm form) =>
        new("POST", new Uri($"http://fake/{(form == RequestForm.Single ? "single_probe" : "probe")}"), "application/json", JsonSerializer.SerializeToUtf8Bytes(new FakeBody(token, [])), new Dictionary<string, string>(), []);

    public Verdict ClassifyProbe(RequestForm form, DestinationResponse response) => response switch
    {
        { Failure: null, Status: 200 } => new Verdict.Settled([]),
        { Status: 400 } when form == RequestForm.Single => new Verdict.AskInBulk("bad_request"),
        { Status: 401 } => new Verdict.Stop("token", "The token was refused.", Credentials: true),
        _ => new Verdict.Retry("probe", "Not now.", response.RetryAfter),
    };

    private static Hit With(Hit hit, Event e, int n) =>
        hit with { Fields = [.. hit.Fields, new("with", e.Id), new("withSeq", n.ToString())] };

    private static Hit HitOf(Event e, int n, int index)
    {
        List<KeyValuePair<string, string>> fields =
            [new("event", e.Id), new("name", e.Name ?? ""), new("hit", index.ToString()), new("visitor", e.AnonymousId), new("seq", n.ToString())];
        foreach (var key in (string[])["order", "poison", "refuse", "unpackable", "user"])
        {
            if (e.Body.TextAt(key) is { } value && (key is not ("poison" or "refuse") || value == index.ToString())) fields.Add(new(key, value));
        }

        var order = index == 0 ? e.Body.TextAt("order") : null;
        return new Hit
        {
            Fields = fields,
            VisitorKey = e.Body.TextAt("user") ?? e.AnonymousId,
            Time = e.Time,
            OrderKey = order?.ToLowerInvariant(),
            MayBeRefused = order is not null || e.Body.TextAt("refuse") is not null || e.Body.TextAt("alone") is not null,
            DoNotTrack = e.Request.DoNotTrack,
        };
    }
}

/// <summary>The body of a request to the fake destination.</summary>
internal sealed record FakeBody(string Token, List<Dictionary<string, string>> Hits);
