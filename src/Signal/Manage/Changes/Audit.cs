using System.Text.Json;
using System.Text.Json.Nodes;
using Signal.Events;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Changes;

/// <summary>Makes audit entries: what was and what is, as people may see it.</summary>
internal sealed class Audit(TimeProvider time)
{
    private static readonly JsonElement Masked = JsonSerializer.SerializeToElement(Mask.Text);
    private static readonly HashSet<string> NotNews = ["revision", "created_at", "updated_at"];

    /// <summary>A secret that changed.</summary>
    public static AuditChange Hidden { get; } = new(Masked, Masked);

    /// <summary>An entry; <paramref name="before"/> and <paramref name="after"/> are masked views, null when there is none.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="action"><c>integration.updated</c>; the part before the dot is the resource's type.</param>
    /// <param name="id">Which one.</param>
    /// <param name="before">What was.</param>
    /// <param name="after">What is.</param>
    /// <param name="secrets">Secret fields that changed: their values never stand here.</param>
    public AuditEntry Entry(Actor actor, string action, string id, object? before, object? after, IEnumerable<string>? secrets = null)
    {
        var now = time.GetUtcNow();
        var changes = Compare(before, after);
        foreach (var field in secrets ?? []) changes[field] = Hidden;
        return new AuditEntry(Ids.New("log", now), now, actor.Name, action, action[..action.IndexOf('.', StringComparison.Ordinal)], id, changes, actor.Ip);
    }

    /// <summary>The fields in which two views differ, one level of objects deep.</summary>
    public static Dictionary<string, AuditChange> Compare(object? before, object? after)
    {
        var (old, @new) = (Flatten(before), Flatten(after));
        return old.Keys.Union(@new.Keys)
            .Where(k => !NotNews.Contains(k) && !JsonNode.DeepEquals(old.GetValueOrDefault(k), @new.GetValueOrDefault(k)))
            .ToDictionary(k => k, k => new AuditChange(Element(old.GetValueOrDefault(k)), Element(@new.GetValueOrDefault(k))));
    }

    private static Dictionary<string, JsonNode?> Flatten(object? view)
    {
        var fields = new Dictionary<string, JsonNode?>();
        if (view is null || JsonSerializer.SerializeToNode(view, view.GetType(), ApiJson.Options) is not JsonObject json) return fields;
        foreach (var (name, value) in json)
        {
            if (value is JsonObject inner)
                foreach (var (key, nested) in inner) fields[$"{name}.{key}"] = nested;
            else if (value is not null)
                fields[name] = value;
        }

        return fields;
    }

    private static JsonElement? Element(JsonNode? node) => node is null ? null : JsonSerializer.SerializeToElement(node);
}
