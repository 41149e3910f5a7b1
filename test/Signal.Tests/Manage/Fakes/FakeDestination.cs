using System.Globalization;
using System.Text;
using System.Text.Json;
using Signal.Configure;
using Signal.Destinations;
using Signal.Events;

namespace Signal.Tests.Manage.Fakes;

/// <summary>A small destination that calls itself matomo, with the seed's three settings.</summary>
internal sealed class FakeDestination : IDestination
{
    public Manifest Manifest { get; } = new()
    {
        Vendor = "matomo",
        Name = "Matomo Analytics",
        Description = "A stand-in.",
        Settings =
        [
            new() { Key = "matomo_url", Label = "Matomo URL", Type = "url", Required = true, Help = "The base URL." },
            new() { Key = "site_id", Label = "Site ID", Type = "integer", Required = true, Help = "The site." },
            new() { Key = "token_auth", Label = "Token", Type = "secret", Required = true, Pattern = "[0-9a-f]{32}", Help = "The token." },
            new() { Key = "request_mode", Label = "Mode", Type = "enum", Options = ["auto", "single", "bulk"], Help = "The form." },
        ],
        Presets = [new("retail", "Retail", "Pages and orders.", [new PresetRow("page", "Page view", ["url"])])],
        DefaultPreset = "retail",
        DefaultConsentCategories = ["analytics"],
        Vocabulary = [new("url", "The page", "url")],
    };

    public CheckedIntegration Check(Integration integration)
    {
        var errors = new List<FieldError>();
        foreach (var key in integration.Config.Keys.Where(k => Manifest.Settings.All(s => s.Key != k))) errors.Add(new($"config.{key}", "unknown", $"config.{key} is unknown."));
        if (!integration.Config.ContainsKey("matomo_url")) errors.Add(new("config.matomo_url", "required", "config.matomo_url is required."));
        if (!integration.Config.TryGetValue("site_id", out var site)) errors.Add(new("config.site_id", "required", "config.site_id is required."));
        if (integration.Secrets.GetValueOrDefault("token_auth") is not { Length: 32 }) errors.Add(new("config.token_auth", "format", "config.token_auth must be 32 hexadecimal characters."));
        foreach (var (i, row) in integration.Mappings.Index())
            if (row.Target == "nonsense") errors.Add(new($"mappings[{i}].target", "unknown", "There is no such target."));
        if (errors.Count > 0) return new(integration, errors, []);

        var config = integration.Config.ToDictionary();
        config["matomo_url"] = JsonSerializer.SerializeToElement(config["matomo_url"].GetString()!.TrimEnd('/'));
        config["site_id"] = JsonSerializer.SerializeToElement(int.Parse(site.ToString(), CultureInfo.InvariantCulture));
        return new(integration with { Config = config }, [], config["matomo_url"].GetString()!.StartsWith("http:", StringComparison.Ordinal) ? ["The address is not encrypted."] : []);
    }

    public IEncoder Compile(Integration integration) => new Encoder(integration);

    private sealed class Encoder(Integration integration) : IEncoder
    {
        public RequestLimits Limits { get; } = new(RequestForm.Single, RequestForm.Bulk, 50, 1, null, null);

        public string Server => "fake";

        public bool SharesCredentials(IEncoder other) => false;

        public IReadOnlyList<EncodedEvent> Encode(IReadOnlyList<Event> batch, IReadOnlyDictionary<string, string> visitors) => [.. batch.Select(e => e.Type == EventType.Identify
            ? new EncodedEvent { Event = e, DropReason = Reasons.NoHit }
            : new EncodedEvent
            {
                Event = e,
                Hits = [new Hit
                {
                    VisitorKey = e.AnonymousId,
                    Time = e.Time,
                    Fields = [new("url", e.Body.TextAt("properties.url") ?? "none"), new("e_a", e.Name ?? ""), new("cart", visitors.GetValueOrDefault(e.AnonymousId) ?? "none"),
                        .. integration.Mappings.Select(m => KeyValuePair.Create(m.Target, m.Value?.ToString() ?? ""))],
                }],
                Rules = new Dictionary<string, string> { ["url"] = "preset: page" },
                Warnings = ["shortened"],
            })];

        public DestinationRequest Pack(IReadOnlyList<Hit> hits, RequestForm form, DateTimeOffset destinationNow)
        {
            var shown = string.Join('&', hits[0].Fields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}")) + "&token_auth=***";
            var body = shown.Replace("***", integration.Secrets["token_auth"], StringComparison.Ordinal);
            return new("POST", new Uri($"{integration.Config["matomo_url"]}/matomo.php"), "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(body), new Dictionary<string, string>(), [shown]);
        }

        public Verdict Classify(IReadOnlyList<Hit> hits, RequestForm form, DestinationResponse response) => throw new NotSupportedException();

        public DestinationRequest Probe(string nonce, RequestForm form) => throw new NotSupportedException();

        public Verdict ClassifyProbe(RequestForm form, DestinationResponse response) => throw new NotSupportedException();
    }
}
