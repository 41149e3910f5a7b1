using System.Text.Json;
using Signal.Configure;

namespace Signal.Console.Data;

/// <summary>Where a mapping row takes its value from.</summary>
public enum MappingKind
{
    /// <summary>A value of the event, by its path.</summary>
    Path,

    /// <summary>Always the same value.</summary>
    Fixed,

    /// <summary>A JavaScript expression.</summary>
    Expression,
}

/// <summary>A mapping row as it stands in the editor: everything as text.</summary>
public sealed class MappingDraft
{
    /// <summary>The event's name, a type, or <c>*</c>.</summary>
    public string Event { get; set; } = "*";

    /// <summary>The destination's field.</summary>
    public string Target { get; set; } = "";

    /// <summary>Where the value comes from.</summary>
    public MappingKind Kind { get; set; }

    /// <summary>The path, the value or the expression.</summary>
    public string Text { get; set; } = "";

    /// <summary>What to send when the path is missing.</summary>
    public string Default { get; set; } = "";

    /// <summary>Named changes of the value.</summary>
    public string Transform { get; set; } = "";

    /// <summary>The condition's path; empty for none.</summary>
    public string WhenPath { get; set; } = "";

    /// <summary>The condition's operator.</summary>
    public string WhenOp { get; set; } = "exists";

    /// <summary>What the condition compares with.</summary>
    public string WhenValue { get; set; } = "";

    /// <summary>Values to replace, one <c>from = to</c> a line.</summary>
    public string ValueMap { get; set; } = "";

    /// <summary>A stored row in the editor.</summary>
    public static MappingDraft Of(FieldMapping row) => new()
    {
        Event = row.Event,
        Target = row.Target,
        Kind = row.Expression is not null ? MappingKind.Expression : row.Value is not null ? MappingKind.Fixed : MappingKind.Path,
        Text = row.Expression ?? (row.Value is not null ? SettingText.Show(row.Value) : row.Source ?? ""),
        Default = SettingText.Show(row.Default),
        Transform = row.Transform ?? "",
        WhenPath = row.When?.Path ?? "",
        WhenOp = row.When?.Op ?? "exists",
        WhenValue = SettingText.Show(row.When?.Value),
        ValueMap = string.Join("\n", (row.ValueMap ?? new Dictionary<string, string>()).Select(v => $"{v.Key} = {v.Value}")),
    };

    /// <summary>The row to store.</summary>
    public FieldMapping ToMapping() => new()
    {
        Event = Event.Trim(),
        Target = Target.Trim(),
        Value = Kind == MappingKind.Fixed ? JsonSerializer.SerializeToElement(Text) : null,
        Source = Kind == MappingKind.Path && Text.Trim().Length > 0 ? Text.Trim() : null,
        Expression = Kind == MappingKind.Expression && Text.Trim().Length > 0 ? Text : null,
        Default = Default.Length > 0 ? JsonSerializer.SerializeToElement(Default) : null,
        Transform = Transform.Trim().Length > 0 ? Transform.Trim() : null,
        ValueMap = Lines(ValueMap) is { Count: > 0 } map ? map : null,
        When = WhenPath.Trim().Length > 0 ? new MappingCondition(WhenPath.Trim(), WhenOp, Compared()) : null,
    };

    // A list is written as JSON, everything else as it stands.
    private JsonElement? Compared()
    {
        if (WhenOp is "exists" or "missing") return null;
        return WhenOp is "in" or "not_in"
            ? JsonSerializer.SerializeToElement(WhenValue.Trim().Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(v => v.Trim('"')))
            : JsonSerializer.SerializeToElement(WhenValue);
    }

    private static Dictionary<string, string> Lines(string text)
    {
        var map = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            map[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }

        return map;
    }
}
