using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Signal.Destinations;

namespace Signal.Manage.Http;

/// <summary>What of an input can be used although some of it can't: so that its further rules are asked at the same time.</summary>
/// <param name="Value">The input without what is wrong; required text is empty there.</param>
/// <param name="Told">What was taken out; nothing further is to be said about it.</param>
internal sealed record Remainder<T>(T Value, IReadOnlyList<string> Told)
{
    /// <summary>Whether something was said of this field, or of what it belongs to.</summary>
    public bool IsTold(string field) => Told.Any(t => field == t || (field.StartsWith(t, StringComparison.Ordinal) && field[t.Length] is '.' or '['));
}

/// <summary>
/// Takes what is wrong out of an input, as little as possible: a field; of a list the entry it stands in, unless that has an id and
/// so is a thing of its own, such as a source of a configuration file; whatever holds it when it can't be without. Entries keep their
/// places, since errors name them.
/// </summary>
internal sealed partial class Remainder
{
    private readonly JsonObject _root;
    private readonly List<string> _told = [];

    private Remainder(JsonObject root) => _root = root;

    /// <summary>The remainder; null when nothing usable is left.</summary>
    public static Remainder<T>? Of<T>(JsonElement json, IReadOnlyList<FieldError> errors)
        where T : class
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        var rest = new Remainder(JsonObject.Create(json)!);
        foreach (var error in errors)
            if (!rest.TakeOut(typeof(T), [.. Steps().Matches(error.Field).Select(m => m.Value)])) return null;
        return rest._root.Deserialize<T>(ApiJson.Options) is { } value ? new Remainder<T>(value, rest._told) : null;
    }

    // Walks to what is wrong and notes where it may be cut off on the way; the last of these places is cut.
    private bool TakeOut(Type type, string[] steps)
    {
        JsonNode? node = _root;
        var (path, cut, isEntry) = ("", (Action?)null, false);
        foreach (var step in steps)
        {
            path += step;
            if (isEntry && !HasId(type)) break;
            if (node is JsonObject holder && Inside(holder, type, path, step.TrimStart('.')) is { } field) (cut, node, type, isEntry) = (field.Cut ?? cut, field.Node, field.Type, false);
            else if (node is JsonArray list && Inside(list, type, path, step.Trim('[', ']')) is { } entry) (cut, node, type, isEntry) = (entry.Cut ?? cut, entry.Node, entry.Type, true);
            else break;
        }

        cut?.Invoke();
        return cut is not null;
    }

    private (Action? Cut, JsonNode? Node, Type Type)? Inside(JsonObject holder, Type type, string path, string name)
    {
        var property = InfoOf(type).Properties.FirstOrDefault(p => p.Name == name);
        if (property is null && !holder.ContainsKey(name)) return null;
        var (node, inner) = (holder[name], property?.PropertyType ?? typeof(object));
        if (property is null || !InputCheck.IsRequired(property)) return (() => Cut(path, () => { if (ListOfThings(inner) is { } list) holder[name] = list; else holder.Remove(name); }), node, inner);
        // Text may be empty in a remainder; nothing else that is required may be made up.
        return (inner == typeof(string) ? () => Cut(path, () => holder[name] = "") : null, node, inner);
    }

    private (Action? Cut, JsonNode? Node, Type Type)? Inside(JsonArray list, Type type, string path, string name)
    {
        if (!int.TryParse(name, out var index) || index >= list.Count || InfoOf(type).ElementType is not { } element) return null;
        return (Blank(element) is { } blank ? () => Cut(path, () => list[index] = blank) : null, list[index], element);
    }

    private void Cut(string path, Action cut)
    {
        var field = path.TrimStart('.');
        if (_told.Contains(field)) return;
        _told.Add(field);
        cut();
    }

    // A list of sources, say, that is none: one entry without an id tells the rules that what others name may have stood there.
    private static JsonArray? ListOfThings(Type type) => InfoOf(type).ElementType is { } element && HasId(element) && Blank(element) is { } blank ? new JsonArray(blank) : null;

    private static bool HasId(Type type) => InfoOf(type) is { Kind: JsonTypeInfoKind.Object } info && info.Properties.Any(p => p.Name == "id");

    private static JsonTypeInfo InfoOf(Type type) => ApiJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    // An entry that keeps a place, of which nothing is told; null when there is none.
    private static JsonNode? Blank(Type type)
    {
        if (type == typeof(string)) return "";
        if (type.IsEnum) return JsonSerializer.SerializeToNode(Enum.GetValues(type).GetValue(0), type, ApiJson.Options);
        var info = InfoOf(type);
        if (info.Kind != JsonTypeInfoKind.Object) return null;
        var blank = new JsonObject();
        foreach (var property in info.Properties.Where(InputCheck.IsRequired))
        {
            if (Blank(property.PropertyType) is not { } value) return null;
            blank[property.Name] = value;
        }

        return blank;
    }

    [GeneratedRegex(@"\[\d+\]|\.?[^.\[]+")]
    private static partial Regex Steps();
}
