using System.Text.Json;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>What the catalogue says about Matomo.</summary>
internal static class MatomoManifest
{
    /// <summary>The secret's key.</summary>
    internal const string TokenKey = "token_auth";

    /// <summary>The key of the secret for privacy requests.</summary>
    internal const string PrivacyTokenKey = "privacy_token";

    /// <summary>The presets, by key.</summary>
    internal static IReadOnlyDictionary<string, Preset> Presets { get; } =
        new[] { Load("retail") }.ToDictionary(p => p.Key, StringComparer.Ordinal);

    /// <summary>The manifest.</summary>
    internal static Manifest Value { get; } = new()
    {
        Vendor = "matomo",
        Name = "Matomo Analytics",
        Description = "Delivers page views, events, carts and orders to your own Matomo (self-hosted or Cloud) through its Tracking HTTP API, with the visitor's real address, agent and time. Needs a Matomo user with write access to the site.",
        Settings = [.. Connection, .. Delivery, .. Identity, .. Ecommerce, .. Privacy],
        Presets = [.. Presets.Values.Select(Describe)],
        DefaultPreset = "retail",
        DefaultConsentCategories = [ConsentCategories.Analytics],
        Vocabulary = Vocabulary.Targets,
    };

    private static IEnumerable<Setting> Connection =>
    [
        new()
        {
            Key = "matomo_url", Label = "Matomo address", Type = "url", Required = true, Example = "https://analytics.example.com",
            Help = "The address at which you sign in to Matomo, without index.php or matomo.php. On Matomo Cloud: https://yourcompany.matomo.cloud.",
        },
        new()
        {
            Key = "site_id", Label = "Site ID", Type = "integer", Required = true, Min = 1, Max = int.MaxValue, Example = "1",
            Help = "The number of the site in Matomo, under Administration > Websites > Manage, column ID.",
        },
        new()
        {
            Key = TokenKey, Label = "Auth token", Type = "secret", Required = true, Pattern = "[0-9a-fA-F]{32}", PatternHint = "32 characters, digits and the letters a to f",
            Help = "Best made by a Matomo user of its own with write access to this one site: sign in as that user, then Settings > Personal > Security > Auth tokens > Create new token. Without a valid token Matomo refuses every event that carries the visitor's address. It is stored encrypted and never shown again.",
        },
    ];

    private static IEnumerable<Setting> Privacy =>
    [
        new()
        {
            Key = PrivacyTokenKey, Label = "Privacy token", Type = "secret", Group = "Privacy", Pattern = "[0-9a-fA-F]{32}", PatternHint = "32 characters, digits and the letters a to f",
            Help = "Lets the Privacy page find, export and erase a person's visits in Matomo too. Made by a Matomo user with admin access to this site, in the same way as the auth token; it is used for nothing else. Without it the auth token is tried, which Matomo refuses unless its user has admin access; the Privacy page then says what to do by hand.",
        },
    ];

    private static IEnumerable<Setting> Delivery =>
    [
        new()
        {
            Key = "request_mode", Label = "Request mode", Type = "enum", Group = "Delivery", Options = ["auto", "single", "bulk"], Default = Json("auto"),
            Help = "auto sends live events one by one and a backlog in bulk. bulk always sends in bulk, which is fastest. single never uses bulk for delivery: choose it only when your token is a superuser's that Matomo restricts to secure requests.",
        },
        new()
        {
            Key = "max_parallel", Label = "Requests at once", Type = "integer", Group = "Delivery", Min = 1, Max = 64, Default = Json(4),
            Help = "How many requests may be under way to this Matomo at the same time. More than four only helps a large Matomo. Events of one visitor are always sent one after the other, and all integrations with one Matomo together have at most eight under way.",
        },
        new()
        {
            Key = "rate_limit", Label = "Events a second", Type = "number", Group = "Delivery", Min = 0.1, Max = 100_000, Example = "200",
            Help = "At most so many events a second are sent to this Matomo. Empty for no limit; then a slow Matomo sets the pace itself.",
        },
        new()
        {
            Key = "bulk_size", Label = "Events in a bulk", Type = "integer", Group = "Delivery", Min = 1, Max = 1000, Default = Json(200),
            Help = "At most so many events travel in one bulk request. 200 is what Matomo's own importer uses; lower it when the web server answers 413 or times out.",
        },
        new()
        {
            Key = "raw_data_days", Label = "Raw data kept (days)", Type = "integer", Group = "Delivery", Min = 1, Max = 7300, Example = "180",
            Help = "After how many days your Matomo deletes old visitor logs (Administration > Privacy > Anonymize data). Matomo refuses events older than that, so Signal reports them as too old instead of sending them. Empty when Matomo keeps everything.",
        },
        new()
        {
            Key = "unmapped_events", Label = "Other events", Type = "enum", Group = "Delivery", Options = ["event", "drop"], Default = Json("event"),
            Help = "What happens to events that neither the preset nor your own mapping knows: event sends them as Matomo events, drop does not send them.",
        },
    ];

    private static IEnumerable<Setting> Identity =>
    [
        new()
        {
            Key = "user_id", Label = "User ID", Type = "text", Group = "Identity", Default = Json("uid"), Pattern = "uid|none|dimension:[1-9][0-9]{0,2}", PatternHint = "uid, none, or dimension: and the dimension's ID such as dimension:3", Example = "uid",
            Help = "How a signed-in user's ID reaches Matomo. uid: as Matomo's User ID; Matomo then takes all devices of a user for one visitor. dimension:3: as the value of custom dimension 3; visitors stay as they are. none: not at all.",
        },
    ];

    private static IEnumerable<Setting> Ecommerce =>
    [
        new()
        {
            Key = "currency", Label = "The site's currency", Type = "text", Group = "Ecommerce", Pattern = "[A-Za-z]{3}", PatternHint = "three letters such as EUR", Example = "EUR",
            Help = "The currency of the site in Matomo (Administration > Websites > Manage). Matomo knows only this one. Amounts of another currency are converted by the rates below; without a rate they are sent as they are, with a warning on the event.",
        },
        new()
        {
            Key = "currency_rates", Label = "Currency rates", Type = "object", Group = "Ecommerce", Example = "{\"USD\": 0.92, \"GBP\": 1.17}",
            Help = "What one unit of another currency is worth in the site's currency. Needs the site's currency.",
        },
        new()
        {
            Key = "refunds", Label = "Refunds and cancellations", Type = "enum", Group = "Ecommerce", Options = ["event", "negative_order"], Default = Json("event"),
            Help = "Matomo knows neither. event records them as events and leaves the revenue alone. negative_order adds an order of the negative amount, so that the revenue is right and the number of orders is one too high.",
        },
        new()
        {
            Key = "cart_idle_days", Label = "Cart forgotten after (days)", Type = "integer", Group = "Ecommerce", Min = 1, Max = 365, Default = Json(30),
            Help = "A visitor's cart that has not changed for so long is taken to be empty.",
        },
        new()
        {
            Key = "product_view", Label = "Product views", Type = "enum", Group = "Ecommerce", Options = ["join", "page"], Default = Json("join"),
            Help = "join: a product view travels on the page view of its page, and is an event when that has gone already; pages are never counted twice. page: for sites that send Product Viewed in place of a page view; it becomes a page view of its own when none came before it.",
        },
    ];

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);

    private static Preset Load(string key)
    {
        var name = $"Signal.Destinations.Matomo.presets.{key}.json";
        using var stream = typeof(MatomoManifest).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The preset {name} is not in the assembly.");
        return Preset.Read(stream);
    }

    private static PresetInfo Describe(Preset preset) => new(
        preset.Key,
        preset.Name,
        preset.Description,
        [
            .. preset.Rules.Append(preset.Otherwise).Select(r => new PresetRow(string.Join(", ", r.Aliases.Prepend(r.Event)), r.Becomes, [.. r.Fields.Keys])),
            new PresetRow("identify, group, alias", "No request of their own: user ID and traits are known from then on", []),
        ]);
}
