using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using MatomoSandbox;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Signal.Configure;
using Signal.Destinations;
using Signal.Destinations.Matomo;
using Signal.Events;
using Signal.Map;
using Xunit;

namespace Signal.Tests.Destinations;

/// <summary>Whatever arrives, what leaves is a request that no Matomo chokes on.</summary>
public class EncodePropertyTests
{
    private static readonly string[] EventNames =
    [
        "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Cart Updated", "Cart Cleared", "Order Completed", "Order Refunded", "Products Searched",
        "File Downloaded", "Link Clicked", "Content Impression", "Content Interaction", "Heartbeat", "view_item", "view_cart", "remove_from_cart", "search", "Product List Viewed", "add_to_cart", "purchase", "refund", "Other", "\ud800", "",
    ];

    private static readonly string[] Names =
    [
        "url", "title", "sku", "name", "price", "quantity", "category", "products", "items", "cart", "order_id", "revenue", "total", "tax", "currency",
        "query", "count", "value", "label", "content_name", "referrer", "pv_id", "pf_srv", "plan",
    ];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char['\0', '\uffff'], 0, 60],
        Pick("", " ", "0", "129,99", "1.234,56", "1e400", "-1", "NaN", "Infinity", "https://a.example/ü?x=%C3", "javascript:x", "&\"'<>", "\ud83d", "👩‍👩‍👧‍👦", "true"),
        Gen.String[Gen.Char['&', '&'], 400, 700],
        Gen.String[Gen.Char['é', 'é'], 900, 1400]);

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf<JsonNode?>(
        AnyText.Select(t => (JsonNode?)JsonValue.Create(t)),
        Pick("1e400", "-0", "4294967296", "1.5", "129.99", "1e-7", "99999999999999999999999999999999").Select(n => JsonNode.Parse(n)),
        Gen.Int.Select(i => (JsonNode?)JsonValue.Create(i)),
        Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> AnyJson = Gen.Recursive<JsonNode?>((depth, again) => depth > 3 ? Scalar : Gen.Frequency(
        (5, Scalar),
        (2, Properties(again).Select(o => (JsonNode?)o)),
        (2, again.Array[0, 4].Select(items => (JsonNode?)new JsonArray(items.Select(i => i?.DeepClone()).ToArray())))));

    private static readonly Gen<string> AnyTime = Gen.OneOf(
        Pick("1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-01T12:00:00.999Z", "2026-03-02T00:00:00Z", "2006-03-08T00:00:00Z"),
        Gen.Int[-700_000_000, 700_000_000].Select(s => DateTimeOffset.FromUnixTimeSeconds(1_772_366_400L + s).ToString("O")));

    private static readonly Gen<JsonObject> AnyEvent = Gen.Select(
        Pick("page", "track", "track", "track", "track", "identify", "group", "screen", "alias"),
        Pick(EventNames),
        Properties(AnyJson),
        Properties(AnyJson),
        AnyJson,
        Pick("v1", "a1b2c3d4-e5f6-0718-293a-4b5c6d7e8f90", "ÿ"),
        Pick<string?>(null, "user-1", "\ud800u"),
        Gen.Select(AnyJson, AnyTime, Gen.Bool)).Select((type, name, properties, page, screen, visitor, user, more) => new JsonObject
        {
            ["type"] = type,
            ["event"] = name,
            ["name"] = name,
            ["properties"] = properties,
            ["context"] = new JsonObject { ["page"] = page, ["screen"] = screen?.DeepClone(), ["userAgentData"] = more.Item1?.DeepClone(), ["campaign"] = properties.DeepClone(), ["locale"] = "de" },
            ["traits"] = more.Item1?.DeepClone(),
            ["timestamp"] = more.Item2,
            ["request"] = new JsonObject { ["dnt"] = more.Item3 },
            ["anonymousId"] = visitor,
            ["userId"] = user,
        });

    private static readonly IEncoder Encoder = Compiled();

    // Every goal that a mapping may name exists: an unknown one is refused by Matomo, as the guide says.
    private static readonly SandboxOptions Receiver = SandboxOptions.Recorded with
    {
        TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)),
        Tokens = [new("0123456789abcdef0123456789abcdef", TokenKind.Write) { Sites = [1] }],
    };

    [Fact]
    public void Encode_AnyEvents_GivesValidFields() => AnyEvent.Array[1, 6].Sample(
        given =>
        {
            var batch = given.Select((e, i) => EventOf(e, i)).ToList();
            var encoded = Encoder.Encode(batch, new Dictionary<string, string>());

            encoded.Count.ShouldBe(batch.Count);
            foreach (var one in encoded)
            {
                (one.Hits.Count > 0 ? 1 : one.DropReason is not null || one.TravelsWith is not null ? 1 : 0).ShouldBe(1, "an event is sent, dropped for a reason, or travels with another");
                one.DropReason.ShouldNotBe(Reasons.MappingFailed, string.Join("; ", one.Warnings));
                foreach (var hit in one.Hits) Check(hit);
            }

            var hits = encoded.SelectMany(e => e.Hits).ToList();
            if (hits.Count > 0) CheckBulk(hits);
        },
        iter: 600);

    [Fact]
    public void Pack_AnyEvents_IsARequestThatTheSandboxRecords()
    {
        var sent = 0;
        AnyEvent.Array[1, 6].Sample(given => { Interlocked.Add(ref sent, Recorded(given)); }, iter: 600);

        sent.ShouldBeGreaterThan(600, "most events make hits");
    }

    [Fact]
    public void Encode_TheSameTwice_GivesTheSame() => AnyEvent.Array[1, 6].Sample(
        given =>
        {
            var batch = given.Select((e, i) => EventOf(e, i)).ToList();

            Text(Encoder.Encode(batch, new Dictionary<string, string>())).ShouldBe(Text(Compiled().Encode(batch, new Dictionary<string, string>())));
        },
        iter: 100);

    [Fact]
    public void Encode_OneByOneWithTheStoredState_LeavesTheSameCartAsOneBatch() => AnyEvent.Array[1, 8].Sample(
        given =>
        {
            var batch = given.Select((e, i) => EventOf(e, i)).ToList();
            var together = new Dictionary<string, string>();
            foreach (var one in Encoder.Encode(batch, new Dictionary<string, string>())) Keep(together, one);
            var apart = new Dictionary<string, string>();
            foreach (var e in batch) Keep(apart, Encoder.Encode([e], apart).Single());

            apart.OrderBy(v => v.Key, StringComparer.Ordinal).ShouldBe(together.OrderBy(v => v.Key, StringComparer.Ordinal));
        },
        iter: 200);

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<JsonObject> Properties(Gen<JsonNode?> value) => Gen.Select(Pick(Names), value).Array[0, 8].Select(pairs =>
    {
        var properties = new JsonObject();
        foreach (var (name, given) in pairs) properties[name] = given?.DeepClone();
        return properties;
    });

    private static Event EventOf(JsonObject given, int number)
    {
        // JsonNode writes lone surrogates as U+FFFD; a browser sends them as escapes.
        var json = given.ToJsonString().Replace("\\uFFFD", "\\ud800", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        return EncodeCase.Event(given, number) with { Body = document.RootElement.Clone() };
    }

    private static void Check(Hit hit)
    {
        hit.Fields.Select(f => f.Key).ShouldBeUnique();
        hit.Fields.Single(f => f.Key == "cid").Value.Length.ShouldBe(16);
        hit.VisitorKey.ShouldNotBeNullOrEmpty();
        foreach (var (name, value) in hit.Fields)
        {
            value.ShouldNotBeNullOrWhiteSpace(name);
            IsValid(value).ShouldBeTrue($"{name} is valid text");
            var field = Vocabulary.Find(name).ShouldNotBeNull(name);
            switch (field.Kind)
            {
                case FieldKind.Text:
                    value.EnumerateRunes().Count().ShouldBeLessThanOrEqualTo((int)field.Max, name);
                    break;
                case FieldKind.Bytes or FieldKind.Url:
                    Encoding.UTF8.GetByteCount(value).ShouldBeLessThanOrEqualTo((int)field.Max, name);
                    break;
                case FieldKind.Money:
                    value.ShouldMatch(@"\A-?\d{1,13}\.\d\d\z", name);
                    break;
                case FieldKind.Integer or FieldKind.Number:
                    var number = decimal.Parse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
                    number.ShouldBeInRange(field.Min, field.Max, name);
                    break;
                default:
                    break;
            }
        }

        if (hit.Fields.FirstOrDefault(f => f.Key == "ec_items").Value is { } rows) CheckRows(rows);
    }

    private static void CheckRows(string rows)
    {
        foreach (var row in JsonNode.Parse(rows)!.AsArray())
        {
            row!.AsArray().Count.ShouldBe(5);
            ((string)row[0]!).ShouldNotBeNullOrEmpty();
            if (row[2] is JsonArray categories) categories.ShouldAllBe(c => c is JsonValue);
            Regex.IsMatch(row[3]!.ToJsonString(), @"\A-?\d+(\.\d\d?)?\z").ShouldBeTrue(row.ToJsonString());
            ((int)row[4]!).ShouldBeInRange(1, 65_535);
        }
    }

    private static void CheckBulk(List<Hit> hits)
    {
        var request = Encoder.Pack(hits, RequestForm.Bulk, DateTimeOffset.UnixEpoch.AddYears(60));
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var entries = JsonNode.Parse(strict.GetString(request.Body))!["requests"]!.AsArray();
        entries.Count.ShouldBe(hits.Count);
        foreach (var entry in entries) ((string)entry!["cdt"]!).ShouldMatch(@"\A-?\d{1,11}\z");
        request.Shown.ShouldAllBe(line => line.Contains("token_auth=***"));
    }

    private static bool IsValid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i]) || text[i] == '\0') return false;
        }

        return true;
    }

    private static void Keep(Dictionary<string, string> states, EncodedEvent one)
    {
        if (one.VisitorState is { } state) states[one.Event.AnonymousId] = state;
    }

    // How many hits went out; each alone and then all in bulks.
    private static int Recorded(JsonObject[] given)
    {
        var sandbox = new SandboxMatomo(Receiver);
        var now = sandbox.Now;
        var batch = given.Select((e, i) => EventOf(e, i)).ToList();
        var hits = Encoder.Encode(batch, new Dictionary<string, string>()).SelectMany(e => e.Hits).ToList();
        var orders = new HashSet<string>(StringComparer.Ordinal);

        // The order ledger keeps back what Matomo has already.
        var fresh = hits.Where(h => h.OrderKey is null || orders.Add(h.OrderKey)).ToList();
        foreach (var hit in fresh)
        {
            var answer = sandbox.Track(Sent(Encoder.Pack([hit], RequestForm.Single, now)));
            answer.Status.ShouldBe(200, Shown(hit));
        }

        sandbox = new SandboxMatomo(Receiver);
        foreach (var alike in fresh.GroupBy(h => h.DoNotTrack))
        {
            var answer = sandbox.Track(Sent(Encoder.Pack([.. alike], RequestForm.Bulk, now)));
            answer.Status.ShouldBe(200, string.Join('\n', alike.Select(Shown)));
            var counts = JsonNode.Parse(answer.Text)!;
            ((string?)counts["status"]).ShouldBe("success");
            ((int)counts["invalid"]!).ShouldBe(0, string.Join('\n', alike.Select(Shown)));
            ((int)counts["tracked"]!).ShouldBe(alike.Count());
        }

        return fresh.Count;
    }

    private static TrackerRequest Sent(DestinationRequest request) => new(request.Method, request.Url.AbsolutePath, request.Url.Query.TrimStart('?'), request.Body)
    {
        Headers = new Dictionary<string, string>(request.Headers) { ["Content-Type"] = request.ContentType },
    };

    private static string Shown(Hit hit) => $"{hit.Time:O} {string.Join('&', hit.Fields)}";

    private static string Text(IReadOnlyList<EncodedEvent> encoded) =>
        string.Join('\n', encoded.Select(e => $"{string.Join('|', e.Hits.Select(h => string.Join('&', h.Fields)))} {e.DropReason} {e.TravelsWith} {e.VisitorState} {string.Join(';', e.Warnings)}"));

    private static IEncoder Compiled() => new MatomoDestination().Compile(EncodeCase.Integration(
        new JsonObject { ["currency"] = "EUR", ["currency_rates"] = new JsonObject { ["USD"] = 0.9 }, ["refunds"] = "negative_order" },
        mappings:
        [
            new() { Event = "*", Target = "dimension1", Source = "traits.plan" },
            new() { Event = "*", Target = "lat", Source = "properties.value" },
            new() { Event = "*", Target = "long", Source = "properties.count" },
            new() { Event = "Other", Target = "ec_items", Source = "properties.items" },
            new() { Event = "Other", Target = "idgoal", Source = "properties.value", ValueMap = new Dictionary<string, string> { ["129,99"] = "1", ["true"] = "3", ["0"] = "0" }, When = new MappingCondition("properties.value", "in", JsonSerializer.SerializeToElement(new[] { "129,99", "true", "0", "NaN" })) },
            new() { Event = "Other", Target = "_pkc", Source = "properties.category", Transform = "first|trim" },
            new() { Event = "Other", Target = "cvar", Source = "context.userAgentData" },
        ]));
}
