using System.Globalization;
using System.Text.Json;
using Signal.Configure;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>An integration's settings as values. Made only of an integration that was checked.</summary>
internal sealed record MatomoSettings
{
    /// <summary>What is older, Matomo takes to be now (it allows 20 years of 365 days; a day is left for the way).</summary>
    internal static readonly TimeSpan OldestTime = TimeSpan.FromDays((20 * 365) - 1);

    /// <summary>Where the tracker is, <c>…/matomo.php</c>.</summary>
    internal required Uri Tracker { get; init; }

    /// <summary>The base address, without a slash at its end.</summary>
    internal required string Base { get; init; }

    /// <summary>The site.</summary>
    internal required string SiteId { get; init; }

    /// <summary>The token.</summary>
    internal required string Token { get; init; }

    /// <summary>The token for Matomo's data subject API; null: the one for tracking.</summary>
    internal string? PrivacyToken { get; init; }

    /// <summary><c>auto, single, bulk</c></summary>
    internal required string RequestMode { get; init; }

    /// <summary>Singles ask to go around a queue too, as bulks always do. Nothing a person sets: learnt from an answer.</summary>
    internal bool AroundQueue { get; init; }

    /// <summary>The field that carries the user id; null for none.</summary>
    internal required string? UserIdField { get; init; }

    /// <summary>Events that nothing maps are dropped.</summary>
    internal required bool DropUnmapped { get; init; }

    /// <summary>The site's currency in capitals; null when unknown.</summary>
    internal required string? Currency { get; init; }

    /// <summary>Currency in capitals to its worth in the site's.</summary>
    internal required IReadOnlyDictionary<string, decimal> Rates { get; init; }

    /// <summary>Refunds become negative orders.</summary>
    internal required bool NegativeOrders { get; init; }

    /// <summary>A product view without its page view becomes one.</summary>
    internal required bool ProductViewIsPage { get; init; }

    /// <summary>An idle cart is forgotten after this.</summary>
    internal required TimeSpan CartIdle { get; init; }

    /// <summary>Forms and limits.</summary>
    internal required RequestLimits Limits { get; init; }

    /// <summary>Reads the settings of a checked integration.</summary>
    internal static MatomoSettings Of(Integration integration)
    {
        var config = integration.Config;
        var address = BaseOf(Text(config, "matomo_url") ?? "");
        var mode = Text(config, "request_mode") ?? "auto";
        var userId = Text(config, "user_id") ?? "uid";
        return new MatomoSettings
        {
            Base = address,
            Tracker = new Uri($"{address}/matomo.php"),
            SiteId = Text(config, "site_id")!.Trim(),
            Token = integration.Secrets[MatomoManifest.TokenKey].Trim(),
            PrivacyToken = integration.Secrets.GetValueOrDefault(MatomoManifest.PrivacyTokenKey),
            RequestMode = mode,
            UserIdField = userId switch { "none" => null, "uid" => "uid", _ => userId.Replace(":", "", StringComparison.Ordinal) },
            DropUnmapped = Text(config, "unmapped_events") == "drop",
            Currency = Text(config, "currency")?.ToUpperInvariant(),
            Rates = RatesOf(config),
            NegativeOrders = Text(config, "refunds") == "negative_order",
            ProductViewIsPage = Text(config, "product_view") == "page",
            CartIdle = TimeSpan.FromDays((double)(Number(config, "cart_idle_days") ?? 30)),
            Limits = LimitsOf(config, mode),
        };
    }

    private static RequestLimits LimitsOf(IReadOnlyDictionary<string, JsonElement> config, string mode)
    {
        var rawData = Number(config, "raw_data_days") is { } days ? TimeSpan.FromDays((double)days) : (TimeSpan?)null;
        var limits = new RequestLimits(
            mode == "bulk" ? RequestForm.Bulk : RequestForm.Single,
            mode == "single" ? RequestForm.Single : RequestForm.Bulk,
            mode == "single" ? 1 : (int)(Number(config, "bulk_size") ?? 200),
            (int)(Number(config, "max_parallel") ?? 4),
            (double?)Number(config, "rate_limit"),
            rawData < OldestTime ? rawData : OldestTime);
        return rawData is { } kept ? limits with { Remembers = kept } : limits;
    }

    /// <summary>The base address people mean: without slashes at the end, and without the script they may have copied along.</summary>
    internal static string BaseOf(string url)
    {
        var address = url.Trim().TrimEnd('/');
        foreach (var script in new[] { "/matomo.php", "/piwik.php", "/index.php", "/matomo.js" })
        {
            if (address.EndsWith(script, StringComparison.OrdinalIgnoreCase)) address = address[..^script.Length].TrimEnd('/');
        }

        return address;
    }

    private static Dictionary<string, decimal> RatesOf(IReadOnlyDictionary<string, JsonElement> config)
    {
        var rates = new Dictionary<string, decimal>(StringComparer.Ordinal);
        if (!config.TryGetValue("currency_rates", out var json) || json.ValueKind != JsonValueKind.Object) return rates;
        foreach (var rate in json.EnumerateObject())
        {
            if (Numbers.Parse(rate.Value.ScalarText() ?? "") is { } worth) rates[rate.Name.ToUpperInvariant()] = worth;
        }

        return rates;
    }

    private static string? Text(IReadOnlyDictionary<string, JsonElement> config, string key) =>
        config.TryGetValue(key, out var value) ? value.ScalarText() : null;

    private static decimal? Number(IReadOnlyDictionary<string, JsonElement> config, string key) =>
        Text(config, key) is { } text ? Numbers.Parse(text.ToString(CultureInfo.InvariantCulture)) : null;
}
