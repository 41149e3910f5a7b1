using System.Text.Json;
using MatomoSandbox;
using Shouldly;

namespace Signal.Tests.Scenarios.RealMatomo;

/// <summary>A Matomo that the scenarios deliver to and read back from through its Reporting API: a real one, or the sandbox.</summary>
internal sealed class MatomoUnderTest : IAsyncDisposable
{
    /// <summary>What to set to run against a real Matomo; its site may collect visits of the tests for ever, so give it one of its own.</summary>
    internal const string HowTo = "Set SIGNAL_TEST_MATOMO_URL and SIGNAL_TEST_MATOMO_TOKEN (a token with write access), SIGNAL_TEST_MATOMO_SITE (1 without it), and SIGNAL_TEST_MATOMO_ADMIN_TOKEN for privacy requests, to run this against a real Matomo.";

    private readonly SandboxServer? _sandbox;
    private readonly HttpClient _client;

    private MatomoUnderTest(Uri address, string token, string site, SandboxServer? sandbox)
    {
        (Address, Token, Site, _sandbox) = (address, token, site, sandbox);
        _client = new HttpClient { BaseAddress = address };
    }

    internal Uri Address { get; }

    internal string Token { get; }

    internal string Site { get; }

    /// <summary>A token with admin access to the site; null when none is at hand.</summary>
    internal string? AdminToken { get; private init; }

    internal static async Task<MatomoUnderTest> SandboxAsync()
    {
        var server = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        return new MatomoUnderTest(server.BaseAddress, new string('c', 32), "1", server) { AdminToken = new string('9', 32) };
    }

    /// <summary>The one the environment names, or null.</summary>
    internal static MatomoUnderTest? OfEnvironment()
    {
        var (url, token) = (Read("SIGNAL_TEST_MATOMO_URL"), Read("SIGNAL_TEST_MATOMO_TOKEN"));
        return url is null || token is null ? null : new MatomoUnderTest(new Uri(url.TrimEnd('/') + "/"), token, Read("SIGNAL_TEST_MATOMO_SITE") ?? "1", null)
        {
            AdminToken = Read("SIGNAL_TEST_MATOMO_ADMIN_TOKEN"),
        };
    }

    /// <summary>The site's own address, without a slash at its end: some sites record nothing else.</summary>
    internal async Task<string> SiteAddressAsync() =>
        (await AskAsync("SitesManager.getSiteFromId", [])).GetProperty("main_url").GetString()!.TrimEnd('/');

    /// <summary>The visits of these days that the segment finds, oldest first, once there are as many as expected and they satisfy <paramref name="done"/>.</summary>
    internal async Task<IReadOnlyList<JsonElement>> VisitsAsync(string segment, int count, Func<IReadOnlyList<JsonElement>, bool> done, int days = 1)
    {
        var today = TimeProvider.System.GetUtcNow();
        // A day more on either side: the site may have another time zone.
        var range = $"{today.AddDays(-days):yyyy-MM-dd},{today.AddDays(1):yyyy-MM-dd}";
        return await Eventually.Async(
            async () =>
            {
                var answer = await AskAsync("Live.getLastVisitsDetails", new() { ["period"] = "range", ["date"] = range, ["segment"] = segment, ["filter_limit"] = "50" });
                return (IReadOnlyList<JsonElement>)[.. answer.EnumerateArray().OrderBy(v => Whole(v, "firstActionTimestamp"))];
            },
            visits => visits.Count == count && done(visits),
            () => $"{count} visits for {segment} as expected in {Address}",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>What a visit did, in order: actions, carts, orders and goals.</summary>
    internal static IReadOnlyList<JsonElement> Did(JsonElement visit) => [.. visit.GetProperty("actionDetails").EnumerateArray()];

    /// <summary>A text of a row; null when it is missing.</summary>
    internal static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False) ? value.ToString() : null;

    /// <summary>A number of a row; a Matomo writes numbers as texts in places.</summary>
    internal static double Number(JsonElement row, string name) => double.Parse(Text(row, name)!, System.Globalization.CultureInfo.InvariantCulture);

    internal static long Whole(JsonElement row, string name) => (long)Number(row, name);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
    }

    private async Task<JsonElement> AskAsync(string method, Dictionary<string, string> more)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(more)
        {
            ["module"] = "API",
            ["method"] = method,
            ["format"] = "JSON",
            ["idSite"] = Site,
            ["token_auth"] = Token,
        });
        using var response = await _client.PostAsync(new Uri("index.php", UriKind.Relative), form);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{method}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static string? Read(string name)
    {
#pragma warning disable RS0030 // Says where a test's own Matomo is; the program never reads it.
        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030
    }
}
