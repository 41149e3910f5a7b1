using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signal.Configure;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>Finds everything that is wrong with an integration at once, and normalises it.</summary>
internal sealed class IntegrationCheck
{
    private readonly List<FieldError> _errors = [];
    private readonly List<string> _warnings = [];

    private IntegrationCheck()
    {
    }

    /// <summary>The integration, normalised, with its errors and warnings.</summary>
    internal static CheckedIntegration Of(Integration integration)
    {
        var check = new IntegrationCheck();
        var config = check.Config(integration.Config);
        var secrets = check.Secrets(integration);
        check.Preset(integration);
        check.Mappings(integration.Mappings);
        return new CheckedIntegration(integration with { Config = config, Secrets = secrets }, check._errors, check._warnings);
    }

    private static Setting? SettingOf(string key) => MatomoManifest.Value.Settings.FirstOrDefault(s => s.Key == key);

    private Dictionary<string, JsonElement> Config(IReadOnlyDictionary<string, JsonElement> given)
    {
        var config = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, value) in given)
        {
            if (SettingOf(key) is not { } setting)
            {
                var hint = Spelling.Hint(key, MatomoManifest.Value.Settings.Select(s => s.Key));
                Error($"config.{key}", "unknown", $"There is no setting \"{key}\".{hint}");
            }
            else if (setting.Type != "secret" && !IsEmpty(value))
            {
                if (Normal(setting, value) is { } normal) config[key] = normal;
            }
        }

        foreach (var setting in MatomoManifest.Value.Settings.Where(s => s.Required && s.Type != "secret"))
        {
            if (!given.TryGetValue(setting.Key, out var value) || IsEmpty(value))
                Error($"config.{setting.Key}", "required", $"{setting.Label} is missing. {setting.Help}");
        }

        if (config.ContainsKey("currency_rates") && !config.ContainsKey("currency"))
            Error("config.currency", "required", "Rates are worth in the site's currency: name that too, such as EUR.");
        return config;
    }

    private JsonElement? Normal(Setting setting, JsonElement value)
    {
        var before = _errors.Count;
        var normal = setting.Key == "matomo_url" ? Address(value) : setting.Type switch
        {
            "integer" or "number" => Number(setting, value),
            "enum" => Choice(setting, value),
            "object" => Rates(value),
            _ => Pattern(setting, value),
        };
        return _errors.Count > before ? null : normal;
    }

    private JsonElement Address(JsonElement value)
    {
        var address = MatomoSettings.BaseOf(value.ScalarText() ?? "");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0 || address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            Error("config.matomo_url", "format", $"\"{Shown(value)}\" is not an address. Write it as in the browser, such as https://analytics.example.com.");
        else if (url.UserInfo.Length > 0)
            Error("config.matomo_url", "format", "The address holds a user name or password. Leave them out; Matomo is told the token.");
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
            Error("config.matomo_url", "format", "The address holds a question mark or a #. Leave out everything from there on.");
        else if (url.Scheme == "http" && !url.IsLoopback)
            _warnings.Add("The address begins with http: token and visitor data travel unencrypted. Use https where Matomo offers it.");
        return JsonSerializer.SerializeToElement(address);
    }

    private JsonElement Number(Setting setting, JsonElement value)
    {
        var text = value.ScalarText()?.Trim() ?? "";
        var isNumber = value.ValueKind is JsonValueKind.Number or JsonValueKind.String;
        decimal? number = !isNumber ? null : setting.Type == "integer" ? Numbers.ParseWhole(text) : Numbers.Parse(text);
        var what = setting.Type == "integer" ? "a whole number" : "a number";
        if (number is not { } known) Error($"config.{setting.Key}", "format", $"{setting.Label} is {what}, not \"{Shown(value)}\".");
        else if ((double)known < setting.Min || (double)known > setting.Max)
            Error($"config.{setting.Key}", "range", string.Create(CultureInfo.InvariantCulture, $"{setting.Label} is {what} from {setting.Min} to {setting.Max}, not {text}."));
        else if (value.ValueKind == JsonValueKind.String) return JsonSerializer.SerializeToElement(setting.Type == "integer" ? known.ToString("0", CultureInfo.InvariantCulture) : text);
        return value;
    }

    private JsonElement Choice(Setting setting, JsonElement value)
    {
        var text = value.ScalarText()?.Trim().ToLowerInvariant() ?? "";
        if (!setting.Options.Contains(text))
            Error($"config.{setting.Key}", "enum", $"{setting.Label} is one of {string.Join(", ", setting.Options)}, not \"{Shown(value)}\".{Spelling.Hint(text, setting.Options)}");
        return JsonSerializer.SerializeToElement(text);
    }

    private JsonElement Pattern(Setting setting, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.ScalarText()!.Trim() : null;
        if (text is null || (setting.Pattern is not null && !Regex.IsMatch(text, $@"\A(?:{setting.Pattern})\z", RegexOptions.CultureInvariant)))
            Error($"config.{setting.Key}", "format", $"{setting.Label} is {setting.PatternHint ?? "a text"}, not \"{Shown(value)}\".");
        return JsonSerializer.SerializeToElement(text ?? "");
    }

    private JsonElement Rates(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Error("config.currency_rates", "format", "Currency rates are an object of currency and rate, such as {\"USD\": 0.92}.");
            return value;
        }

        foreach (var rate in value.EnumerateObject())
        {
            if (!Regex.IsMatch(rate.Name, @"\A[A-Za-z]{3}\z")) Error($"config.currency_rates.{rate.Name}", "format", $"\"{rate.Name}\" is no currency. Write three letters such as USD.");
            if (Numbers.Parse(rate.Value.ScalarText() ?? "") is not (> 0 and < 1_000_000)) Error($"config.currency_rates.{rate.Name}", "range", $"The rate of {rate.Name} is a number greater than 0, such as 0.92.");
        }

        return value;
    }

    private Dictionary<string, string> Secrets(Integration integration)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var token = integration.Secrets.GetValueOrDefault(MatomoManifest.TokenKey)?.Trim() ?? "";
        var setting = SettingOf(MatomoManifest.TokenKey)!;
        if (token.Length == 0) Error("config.token_auth", "required", $"The auth token is missing. {setting.Help}");
        else if (!Regex.IsMatch(token, $@"\A{setting.Pattern}\z", RegexOptions.CultureInvariant))
            Error("config.token_auth", "format", $"The auth token has {setting.PatternHint}; this one has {token.Length} characters{(token.Length == 32 ? ", some of them others" : "")}. Copy it again from Matomo.");
        else secrets[MatomoManifest.TokenKey] = token;

        var privacy = integration.Secrets.GetValueOrDefault(MatomoManifest.PrivacyTokenKey)?.Trim() ?? "";
        if (privacy.Length > 0 && !Regex.IsMatch(privacy, $@"\A{setting.Pattern}\z", RegexOptions.CultureInvariant))
            Error($"config.{MatomoManifest.PrivacyTokenKey}", "format", $"The privacy token has {setting.PatternHint}. Copy it again from Matomo, or leave it out.");
        else if (privacy.Length > 0) secrets[MatomoManifest.PrivacyTokenKey] = privacy;

        foreach (var key in integration.Secrets.Keys.Where(k => k is not (MatomoManifest.TokenKey or MatomoManifest.PrivacyTokenKey)))
            Error($"config.{key}", "unknown", $"There is no setting \"{key}\".");
        return secrets;
    }

    private void Preset(Integration integration)
    {
        if (integration.Preset is null)
        {
            if (integration.Mappings.Count == 0) _warnings.Add("Without a preset and without rows of its own this integration sends nothing.");
        }
        else if (!MatomoManifest.Presets.ContainsKey(integration.Preset))
        {
            Error("preset", "unknown", $"There is no preset \"{integration.Preset}\".{Spelling.Hint(integration.Preset, MatomoManifest.Presets.Keys)} Known are: {string.Join(", ", MatomoManifest.Presets.Keys)}.");
        }
    }

    private void Mappings(IReadOnlyList<FieldMapping> rows)
    {
        if (MappingProblems.OfAll(rows) is { } tooMany) Error("mappings", "range", tooMany);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            foreach (var (part, rule, message) in MappingProblems.Of(row, Vocabulary.TakesJson(row.Target))) Error($"mappings[{i}].{part}", rule, message);
            if (Vocabulary.Problem(row.Target) is { } problem) Error($"mappings[{i}].target", "unknown", problem);
            else FixedValues($"mappings[{i}]", row);
        }
    }

    // These values are known now, so that a slip shows now and not as a warning on every event.
    private void FixedValues(string field, FieldMapping row)
    {
        if (string.IsNullOrWhiteSpace(row.Expression) && string.IsNullOrWhiteSpace(row.Transform) && row.ValueMap is null or { Count: 0 })
            FixedValue($"{field}.value", row.Target, Value.Of(row.Value));
        FixedValue($"{field}.default", row.Target, Value.Of(row.Default));
        foreach (var (from, to) in row.ValueMap ?? new Dictionary<string, string>()) FixedValue($"{field}.value_map.{from}", row.Target, Value.Of(to));
    }

    private void FixedValue(string field, string target, Value? value)
    {
        if (value is not { Text.Length: > 0 } known || (known.Kind == ValueKind.Json && !Vocabulary.TakesJson(target))) return;
        string? problem = null;
        _ = SafeValue.Of(target, known, warning => problem ??= warning);
        if (problem is not null) _errors.Add(new FieldError(field, "format", $"{problem} {target} is: {Vocabulary.Find(target)!.Meaning}") { StopsDelivery = false });
    }

    private void Error(string field, string rule, string message) => _errors.Add(new FieldError(field, rule, message));

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.ScalarText()));

    private static string Shown(JsonElement value) => SafeText.Cut(SafeText.Valid(Value.Of(value)?.Text ?? ""), 60);
}
