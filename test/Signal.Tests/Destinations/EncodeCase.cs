using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Configure;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Signal.Events;

namespace Signal.Tests.Destinations;

/// <summary>
/// One file of cases/encode: <c>about</c>, optional <c>config</c>, <c>preset</c>, <c>mappings</c>, <c>visitors</c>, then <c>events</c> and what is
/// expected of each. Fields that every hit has (<see cref="Everywhere"/>) are left out unless the case says <c>"whole": true</c>.
/// </summary>
internal sealed class EncodeCase(JsonObject json)
{
    public static readonly string[] Everywhere = ["idsite", "rec", "apiv", "cip", "ua", "_id", "cid", "lang"];
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Integration Integration(JsonObject? config = null, string? preset = "retail", IReadOnlyList<FieldMapping>? mappings = null)
    {
        var settings = new Dictionary<string, JsonElement>
        {
            ["matomo_url"] = JsonSerializer.SerializeToElement("https://analytics.example.com"),
            ["site_id"] = JsonSerializer.SerializeToElement("1"),
        };
        foreach (var (key, value) in config ?? []) settings[key] = JsonSerializer.SerializeToElement(value);
        return new Integration
        {
            Id = "int_1",
            SourceId = "src_1",
            Vendor = "matomo",
            Name = "Matomo",
            Config = settings,
            Secrets = new Dictionary<string, string> { ["token_auth"] = "0123456789abcdef0123456789abcdef" },
            Preset = preset,
            Mappings = mappings ?? [],
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
    }

    public static Event Event(JsonObject given, int number = 1)
    {
        var body = JsonSerializer.SerializeToElement(new JsonObject(given.Where(p => p.Key != "request").Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
        var request = given["request"] as JsonObject ?? [];
        var time = DateTimeOffset.Parse((string?)given["timestamp"] ?? "2026-03-01T12:00:00Z");
        var type = Enum.Parse<EventType>((string?)given["type"] ?? "track", ignoreCase: true);
        return new Event
        {
            Id = $"evt_{number}",
            SourceId = "src_1",
            Type = type,
            Name = body.TextAt(type == EventType.Track ? "event" : "name"),
            MessageId = body.TextAt("messageId") ?? $"msg-{number}",
            AnonymousId = body.TextAt("anonymousId") ?? "a1b2c3d4-e5f6-0718-293a-4b5c6d7e8f90",
            UserId = body.TextAt("userId"),
            GroupId = body.TextAt("groupId"),
            Time = time,
            ReceivedAt = (string?)given["receivedAt"] is { } received ? DateTimeOffset.Parse(received) : time,
            Request = new RequestFacts(
                request.ContainsKey("ip") ? (string?)request["ip"] : "203.0.113.50",
                request.ContainsKey("userAgent") ? (string?)request["userAgent"] : "Mozilla/5.0 (X11; Linux x86_64)",
                (string?)request["language"],
                (bool?)request["dnt"] ?? false,
                false,
                false),
            Consent = new Dictionary<string, bool>(),
            Body = body,
        };
    }

    public IReadOnlyList<EncodedEvent> Run()
    {
        var events = json["events"]!.AsArray().Select((e, i) => Event(e!.AsObject(), i + 1)).ToList();
        var visitors = (json["visitors"] as JsonObject ?? []).ToDictionary(v => v.Key, v => v.Value!.ToJsonString());
        return Encoder().Encode(events, visitors);
    }

    /// <summary>Every field of every request as it would be sent, with the rules of its event.</summary>
    public IEnumerable<(string Name, string Value, IReadOnlyDictionary<string, string> Rules)> Sent()
    {
        var encoder = Encoder();
        foreach (var encoded in Run())
            foreach (var hit in encoded.Hits)
                foreach (var (name, value) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(encoder.Pack([hit], RequestForm.Single, DateTimeOffset.MaxValue).Shown[0]))
                    yield return (name, value.ToString(), encoded.Rules);
    }

    /// <summary>What came out, in the shape of the file's <c>expect</c>.</summary>
    public JsonArray Outcome()
    {
        var outcome = new JsonArray();
        foreach (var encoded in Run()) outcome.Add(Describe(encoded));
        return outcome;
    }

    private IEncoder Encoder()
    {
        var preset = json.ContainsKey("preset") ? (string?)json["preset"] : "retail";
        var mappings = json["mappings"]?.Deserialize<List<FieldMapping>>(SnakeCase) ?? [];
        var integration = Integration(json["config"] as JsonObject, preset, mappings);
        var destination = new MatomoDestination();
        var problems = destination.Check(integration).Errors;
        if (problems.Count > 0) throw new InvalidOperationException($"The case's configuration is wrong: {string.Join("; ", problems)}");
        return destination.Compile(destination.Check(integration).Integration);
    }

    private JsonObject Describe(EncodedEvent encoded)
    {
        var described = new JsonObject();
        if (encoded.Hits.Count > 0) described["hits"] = new JsonArray(encoded.Hits.Select(Describe).ToArray<JsonNode>());
        if (encoded.DropReason is { } reason) described["dropped"] = reason;
        if (encoded.TravelsWith is { } index) described["travels_with"] = index;
        if (encoded.UserId is { } user) described["user_id"] = user;
        if (encoded.Hits.FirstOrDefault(h => h.OrderKey is not null) is { OrderKey: { } key }) described["order_key"] = key;
        if (encoded.Hits.Any(h => h.MayBeRefused)) described["may_be_refused"] = true;
        if (encoded.Hits.Any(h => h.DoNotTrack)) described["dnt"] = true;
        if (encoded.Warnings.Count > 0) described["warnings"] = new JsonArray(encoded.Warnings.Select(w => JsonValue.Create(w)).ToArray<JsonNode>());
        return described;
    }

    private JsonObject Describe(Hit hit)
    {
        var whole = (bool?)json["whole"] ?? false;
        var fields = new JsonObject();
        foreach (var (name, value) in hit.Fields.Where(f => whole || !Everywhere.Contains(f.Key))) fields[name] = value;
        return fields;
    }
}
