using System.Collections;
using System.Text.Json;

namespace Signal.Hosting;

/// <summary>Reads settings from the environment, from files named by <c>…_FILE</c>, and from <c>signal.json</c>; the environment wins. Collects every error.</summary>
internal sealed class SettingsReader(IReadOnlyDictionary<string, string> values)
{
    private const string SecretPrefix = "SIGNAL_SECRET_";
    private readonly List<string> _errors = [];
    private readonly List<string> _unknown = [];

    internal IReadOnlyList<string> Errors => _errors;

    /// <summary>
    /// Keys that look like settings and are none: a slip of the pen, or somebody else's. A warning and no error, because Kubernetes
    /// gives every container <c>SIGNAL_SERVICE_HOST</c> and its like once a service is named <c>signal</c>.
    /// </summary>
    internal IReadOnlyList<string> Unknown => _unknown;

    /// <summary>The settings of this process: its environment over <c>signal.json</c> in the working directory.</summary>
    internal static SettingsReader FromProcess()
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var errors = new List<string>();
#pragma warning disable RS0030 // The one place that reads the environment.
        ReadJson(Environment.GetEnvironmentVariable("SIGNAL_CONFIG") ?? "signal.json", values, errors);
        foreach (DictionaryEntry pair in Environment.GetEnvironmentVariables())
        {
            if (pair is { Key: string key, Value: string { Length: > 0 } value } && key.StartsWith("SIGNAL_", StringComparison.Ordinal)) values[key] = value;
        }
#pragma warning restore RS0030

        var reader = new SettingsReader(values);
        reader._errors.AddRange(errors);
        reader.NoteUnknown();
        return reader;
    }

    internal string? Text(string key)
    {
        if (values.TryGetValue(key, out var value)) return value;
        if (!values.TryGetValue(key + "_FILE", out var path)) return null;
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail<string?>($"{key}_FILE: the file {path} can't be read ({e.Message}).", null);
        }
    }

    /// <summary>
    /// A secret that a configuration file refers to as <c>${NAME}</c>: <c>SIGNAL_SECRET_…</c>, or any variable that is no setting of
    /// Signal's own, each also as <c>…_FILE</c>. Null when there is none.
    /// </summary>
    internal string? Secret(string name)
    {
        if (name.StartsWith(SecretPrefix, StringComparison.OrdinalIgnoreCase)) return Text(name);
        if (name.StartsWith("SIGNAL_", StringComparison.OrdinalIgnoreCase)) return null;
#pragma warning disable RS0030 // The one place that reads the environment.
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) return value;
        return Environment.GetEnvironmentVariable(name + "_FILE") is { Length: > 0 } path && File.Exists(path) ? File.ReadAllText(path).TrimEnd('\r', '\n') : null;
#pragma warning restore RS0030
    }

    internal IReadOnlyList<string> List(string key, string fallback, params char[] separators) =>
        (Text(key) ?? fallback).Split(separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal int Number(string key, int fallback, int min, int max)
    {
        var text = Text(key);
        if (text is null) return fallback;
        return int.TryParse(text, out var number) && number >= min && number <= max
            ? number
            : Fail($"{key} is \"{text}\"; it must be a whole number from {min} to {max}.", fallback);
    }

    internal long? Bytes(string key)
    {
        var text = Text(key);
        if (text is null) return null;
        return long.TryParse(text, out var number) && number >= 1 << 20
            ? number
            : Fail<long?>($"{key} is \"{text}\"; it must be a number of bytes of at least 1048576.", null);
    }

    internal bool Flag(string key, bool fallback) => Text(key)?.ToLowerInvariant() switch
    {
        null => fallback,
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        var text => Fail($"{key} is \"{text}\"; it must be true or false.", fallback),
    };

    internal string OneOf(string key, string fallback, params string[] allowed)
    {
        var text = Text(key)?.ToLowerInvariant() ?? fallback;
        return allowed.Contains(text) ? text : Fail($"{key} is \"{text}\"; it must be {string.Join(" or ", allowed)}.", fallback);
    }

    internal T Fail<T>(string error, T fallback)
    {
        _errors.Add(error);
        return fallback;
    }

    private static void ReadJson(string path, Dictionary<string, string> values, List<string> errors)
    {
        if (!File.Exists(path)) return;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind == JsonValueKind.Array
                    ? string.Join(';', property.Value.EnumerateArray().Select(v => v.ToString()))
                    : property.Value.ToString();
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            errors.Add($"{path} can't be read: {e.Message}");
        }
    }

    private void NoteUnknown()
    {
        var known = SettingSpec.All.SelectMany(s => s.Secret ? new[] { s.Key, s.Key + "_FILE" } : [s.Key])
            .Concat(["SIGNAL_CONFIG"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _unknown.AddRange(values.Keys
            .Where(k => !known.Contains(k) && !k.StartsWith("SIGNAL_TEST_", StringComparison.OrdinalIgnoreCase) && !k.StartsWith(SecretPrefix, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal));
    }
}
