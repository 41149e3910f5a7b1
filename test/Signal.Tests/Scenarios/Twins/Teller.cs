using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;

namespace Signal.Tests.Scenarios.Twins;

/// <summary>
/// Tells a story to a shop as a site with Signal's SDK does: what happens at one moment on one page travels in one batch, with the
/// page, the browser and the page-view id in the context. Addresses are relative to the shop.
/// </summary>
internal sealed class Teller(Shop shop, Story story, DateTimeOffset start)
{
    // The browser that told the recorded stories.
    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    private readonly JsonNode? _agentData = JsonNode.Parse(story.Hits[0]["fields"]!["uadata"]!.GetValue<string>());
    private readonly List<JsonObject> _moment = [];
    private readonly Dictionary<int, JsonObject> _pages = [];
    private readonly Dictionary<int, string> _visitors = [];
    private readonly Dictionary<int, string> _users = [];
    private int _at;
    private int _person = 1;
    private int _expected;
    private JsonObject? _consent;
    private bool _undecided;

    /// <summary>What follows happens so many seconds after the start, on the screen of this person.</summary>
    internal async Task<Teller> AtAsync(int seconds, int person = 1)
    {
        if (!_undecided) await EndAsync();
        (_at, _person) = (seconds, person);
        return this;
    }

    /// <summary><c>datafly.page()</c> on a page that was just opened. The tracker recorded the view at another moment where <paramref name="viewAt"/> says so.</summary>
    internal Teller Page(string title, string path, string? referrer = null, object? properties = null, int? viewAt = null)
    {
        var view = story.PageViewOf(_person, viewAt ?? _at);
        var page = new JsonObject { ["url"] = Whole(path), ["title"] = title, ["pv_id"] = view?["pv_id"]?.GetValue<string>() };
        if (referrer is not null) page["referrer"] = referrer;
        _pages[_person] = page;
        var e = Event("page", properties);
        e["properties"]!["url"] = Whole(path);
        e["properties"]!["title"] = title;
        var timings = new JsonObject();
        foreach (var (name, value) in view ?? []) if (name.StartsWith("pf_", StringComparison.Ordinal)) timings[name] = int.Parse(value!.GetValue<string>(), CultureInfo.InvariantCulture);
        e["context"]!["performance"] = timings;
        return Say(e);
    }

    /// <summary><c>datafly.track(…)</c></summary>
    internal Teller Track(string name, object? properties = null)
    {
        var e = Event("track", properties);
        e["event"] = name;
        return Say(e);
    }

    /// <summary><c>datafly.track(…)</c> on a page that was opened without a page view of its own.</summary>
    internal Teller TrackOn(string path, string name, object properties)
    {
        _pages[_person] = new JsonObject { ["url"] = Whole(path) };
        return Track(name, properties);
    }

    /// <summary><c>datafly.identify(…)</c></summary>
    internal Teller Identify(string user, object? traits = null)
    {
        _users[_person] = user;
        var e = Event("identify", null);
        e["traits"] = JsonSerializer.SerializeToNode(traits ?? new { });
        return Say(e);
    }

    /// <summary><c>datafly.reset()</c>: signed out, a new visitor.</summary>
    internal Teller Reset(string newVisitor)
    {
        _users.Remove(_person);
        _visitors[_person] = newVisitor;
        return this;
    }

    /// <summary>Consent is needed and not decided: the script keeps what happens.</summary>
    internal Teller Undecided()
    {
        _undecided = true;
        return this;
    }

    /// <summary><c>datafly.consent(…)</c>: every event says so from now on, and so does what was kept.</summary>
    internal Teller Consent(bool analytics)
    {
        _undecided = false;
        _consent = new JsonObject { ["analytics"] = analytics };
        foreach (var kept in _moment) kept["context"]!["consent"] = _consent.DeepClone();
        return this;
    }

    /// <summary>What was said last will not be delivered: consent refuses it.</summary>
    internal Teller InVain()
    {
        _expected--;
        return this;
    }

    /// <summary>Time passes until everything said so far is delivered.</summary>
    internal async Task<Teller> DeliveredAsync()
    {
        await EndAsync();
        (await shop.SettledAsync(_expected)).Count.ShouldBe(_expected);
        return this;
    }

    // Sends what was not sent yet.
    private async Task EndAsync()
    {
        if (_moment.Count == 0) return;
        var headers = new Dictionary<string, string> { ["X-Forwarded-For"] = story.AddressOf(_person), ["Accept-Language"] = "en-GB,en;q=0.9" };
        using var answer = await shop.Signal.SendAsync(shop.Key, "/v1/b", new { batch = _moment }, Agent, headers);
        var text = await answer.Content.ReadAsStringAsync();
        JsonNode.Parse(text)!["accepted"]?.GetValue<int>().ShouldBe(_moment.Count, text);
        _moment.Clear();
    }

    private Teller Say(JsonObject e)
    {
        _moment.Add(e);
        _expected++;
        return this;
    }

    private JsonObject Event(string type, object? properties)
    {
        var e = new JsonObject
        {
            ["type"] = type,
            ["anonymousId"] = _visitors.GetValueOrDefault(_person) ?? story.VisitorOf(_person),
            ["timestamp"] = start.AddSeconds(_at).ToString("O"),
            ["properties"] = JsonSerializer.SerializeToNode(properties ?? new { }),
            ["context"] = new JsonObject
            {
                ["page"] = _pages.GetValueOrDefault(_person)?.DeepClone() ?? new JsonObject(),
                ["screen"] = new JsonObject { ["width"] = 1440, ["height"] = 900 },
                ["userAgentData"] = _agentData?.DeepClone(),
                ["consent"] = _consent?.DeepClone(),
            },
        };
        if (_users.TryGetValue(_person, out var user)) e["userId"] = user;
        return e;
    }

    private static string Whole(string path) => "https://shop.example.com" + path;
}
