using System.Text;
using System.Text.Json;
using Signal.Configure;
using Signal.Events;

namespace Signal.Collect.Scripts;

/// <summary>A source's settings as the SDK takes them. What the source decides wins over the same name among its further options, but for <c>purposes</c> and <c>codes</c>.</summary>
internal static class SdkSettingsWriter
{
    internal static string Write(Source source, IReadOnlyList<Integration> integrations, string scriptPath)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("pipelineKey", source.PipelineKey);
            json.WriteString("endpoint", Endpoint(scriptPath, source.Sdk.CollectPrefix ?? "/v1"));
            if (source.Consent.Mode == ConsentMode.OptIn) json.WriteString("consent", "opt_in");
            // Only what makes the browser hold everything back needs the SDK; the rest is decided here, when the event arrives.
            if (source.Consent.Dnt == DntPolicy.Deny) json.WriteString("dnt", "deny");
            if (source.Consent.Gpc == GpcPolicy.DenyAll) json.WriteString("gpc", "deny_all");
            // The part that reads the one signal reads the other too, and would take its own default for it.
            else if (source.Consent is { Dnt: DntPolicy.Deny, Gpc: GpcPolicy.Ignore }) json.WriteString("gpc", "ignore");
            if (!source.Cookie.Enabled) json.WriteBoolean("cookieless", true);
            WritePurposes(json, source, integrations);
            WriteCodes(json, source);
            WriteOptions(json, source);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The collection prefix as seen from the script, so that both may lie under a path of a proxy's.</summary>
    internal static string Endpoint(string scriptPath, string prefix) =>
        string.Concat(Enumerable.Repeat("../", scriptPath.Trim('/').Count(c => c == '/'))) + prefix.Trim('/');

    // The SDK's own default is analytics alone.
    private static void WritePurposes(Utf8JsonWriter json, Source source, IReadOnlyList<Integration> integrations)
    {
        if (Option(source, "purposes") is not null) return;
        var purposes = integrations.SelectMany(i => i.ConsentCategories is [] ? [ConsentCategories.Essential] : i.ConsentCategories).Distinct().Order().ToList();
        if (purposes is [] or [ConsentCategories.Analytics]) return;
        json.WriteStartArray("purposes");
        foreach (var purpose in purposes) json.WriteStringValue(purpose);
        json.WriteEndArray();
    }

    private static void WriteCodes(Utf8JsonWriter json, Source source)
    {
        if (source.Consent.Categories.Count == 0 || Option(source, "codes") is not null) return;
        json.WriteStartObject("codes");
        foreach (var category in source.Consent.Categories.GroupBy(c => c.Value, c => c.Key))
        {
            json.WriteStartArray(category.Key);
            foreach (var code in category) json.WriteStringValue(code);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, Source source)
    {
        if (source.Sdk.Options is not { ValueKind: JsonValueKind.Object } options) return;
        foreach (var option in options.EnumerateObject())
            if (option.Name is not ("pipelineKey" or "endpoint" or "consent" or "dnt" or "gpc" or "cookieless")) option.WriteTo(json);
    }

    private static JsonElement? Option(Source source, string name) =>
        source.Sdk.Options is { ValueKind: JsonValueKind.Object } options && options.TryGetProperty(name, out var value) ? value : null;
}
