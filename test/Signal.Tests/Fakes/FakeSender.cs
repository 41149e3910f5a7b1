using System.Text.Json;
using Signal.Deliver;
using Signal.Destinations;

namespace Signal.Tests.Fakes;

/// <summary>
/// The server behind <see cref="FakeDestination"/>: records hits, fails on poison, refuses, counts orders once, and fails on demand.
/// Notes when two requests in flight share a visitor.
/// </summary>
internal sealed class FakeSender : IDestinationSender
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _inFlight = [];

    /// <summary>Every hit recorded, in order.</summary>
    public List<IReadOnlyDictionary<string, string>> Recorded { get; } = [];

    /// <summary>Every request: its form (or probe) and how many hits it had.</summary>
    public List<(string Form, int Hits, string Token)> Requests { get; } = [];

    /// <summary>What went wrong that never may.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Decides the fate of a request; null lets it be.</summary>
    public Func<string, IReadOnlyList<IReadOnlyDictionary<string, string>>, FakeFault?>? Fault { get; set; }

    /// <summary>Awaited while a request is in flight.</summary>
    public Func<Task>? During { get; set; }

    public string GoodToken { get; set; } = "good";

    /// <summary>Nothing is refused any more.</summary>
    public bool Forgiving { get; set; }

    /// <summary>A request with more hits is refused for its size.</summary>
    public int MostHits { get; set; } = int.MaxValue;

    /// <summary>Hits of events with this name are refused, in a bulk of several without saying which.</summary>
    public string? RefusesQuietly { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    public DateTimeOffset? Date { get; set; }

    public IEnumerable<string> RecordedEvents => Recorded.Select(h => h["event"]);

    public int Probes => Requests.Count(r => r.Form.EndsWith("probe", StringComparison.Ordinal));

    public async Task<DestinationResponse> SendAsync(DestinationRequest request, CancellationToken stop)
    {
        var form = request.Url.AbsolutePath.Trim('/').ToLowerInvariant();
        var body = JsonSerializer.Deserialize<FakeBody>(request.Body)!;
        var visitors = body.Hits.Select(h => h.GetValueOrDefault("user") ?? h["visitor"]).ToHashSet();
        lock (_lock)
        {
            Requests.Add((form, body.Hits.Count, body.Token));
            foreach (var visitor in visitors) if (!_inFlight.Add(visitor)) Violations.Add($"two requests in flight share visitor {visitor}");
        }

        try
        {
            if (During is { } during) await during().WaitAsync(stop);
            lock (_lock) return Answer(form, body);
        }
        finally
        {
            lock (_lock) _inFlight.ExceptWith(visitors);
        }
    }

    private DestinationResponse Answer(string form, FakeBody body)
    {
        var fault = Fault?.Invoke(form, body.Hits);
        switch (fault)
        {
            case FakeFault.Unreachable: return DestinationResponse.None(TransportFailure.Unreachable, "refused");
            case FakeFault.Lost: return DestinationResponse.None(TransportFailure.NoAnswer, "reset");
            case FakeFault.Unavailable: return Status(503);
            case FakeFault.Failing: return Status(500);
            case FakeFault.Dead: return Status(form.StartsWith("single", StringComparison.Ordinal) ? 400 : 500);
        }

        if (body.Token != GoodToken) return form.StartsWith("single", StringComparison.Ordinal) ? Status(400) : Status(401);
        if (form.EndsWith("probe", StringComparison.Ordinal)) return Status(200);
        if (body.Hits.Any(h => h.ContainsKey("poison"))) return form == "single" ? Status(400) : Status(500);
        if (!Forgiving && form == "single" && body.Hits.Any(h => h.ContainsKey("refuse"))) return Status(400);
        if (body.Hits.Count > MostHits) return Status(413);
        var refused = body.Hits.RemoveAll(h => RefusesQuietly is { } name && h.GetValueOrDefault("name") == name);
        if (refused > 0 && body.Hits.Count > 0)
        {
            body.Hits.ForEach(h => Record(h));
            return Status(200, "some");
        }

        if (refused > 0) return form == "single" ? Status(400) : Status(200, "no");
        var outcomes = body.Hits.Select(Record).ToList();
        return fault == FakeFault.RecordedButNoAnswer
            ? DestinationResponse.None(TransportFailure.NoAnswer, "timed out")
            : Status(200, string.Join(',', outcomes));
    }

    private string Record(Dictionary<string, string> hit)
    {
        if (!Forgiving && hit.ContainsKey("refuse")) return "no";
        var repeated = hit["hit"] == "0" && hit.TryGetValue("order", out var order)
            && Recorded.Any(r => r["hit"] == "0" && string.Equals(r.GetValueOrDefault("order"), order, StringComparison.OrdinalIgnoreCase));
        if (repeated) return "known";
        Recorded.Add(hit);
        return "ok";
    }

    private DestinationResponse Status(int status, string body = "") => new(null, status, "text/plain", body, RetryAfter, Date);
}

/// <summary>What may happen to a request.</summary>
internal enum FakeFault
{
    Unreachable,
    Lost,
    RecordedButNoAnswer,
    Unavailable,
    Failing,

    /// <summary>Singles are answered as if they were wrong, bulks as failures: a Matomo without its database.</summary>
    Dead,
}
