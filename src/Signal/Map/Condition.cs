using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signal.Configure;

namespace Signal.Map;

/// <summary>A compiled <see cref="MappingCondition"/>.</summary>
internal sealed class Condition
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Operators =
        ["exists", "missing", "equals", "not_equals", "contains", "starts_with", "ends_with", "matches", "gt", "gte", "lt", "lte", "in", "not_in"];

    private readonly string _path;
    private readonly Func<Value?, bool> _test;

    private Condition(string path, Func<Value?, bool> test) => (_path, _test) = (path, test);

    /// <summary>What is wrong with a condition; null when nothing is.</summary>
    internal static string? Problem(MappingCondition condition)
    {
        if (string.IsNullOrWhiteSpace(condition.Path)) return "A condition needs a path, such as properties.value.";
        if (!Operators.Contains(condition.Op))
            return $"There is no operator \"{condition.Op}\".{Spelling.Hint(condition.Op ?? "", Operators)} Known are: {string.Join(", ", Operators)}.";
        if (condition.Op is "exists" or "missing") return null;
        if (condition.Value is not { } value || value.ValueKind == JsonValueKind.Null) return $"The operator \"{condition.Op}\" needs a value.";
        return condition.Op switch
        {
            "gt" or "gte" or "lt" or "lte" when Numbers.Parse(TextOf(value)) is null => $"The operator \"{condition.Op}\" compares numbers; \"{TextOf(value)}\" is none.",
            "in" or "not_in" when value.ValueKind != JsonValueKind.Array => $"The operator \"{condition.Op}\" needs a list, such as [\"a\", \"b\"].",
            "matches" => RegexProblem(TextOf(value)),
            _ => null,
        };
    }

    /// <summary>The condition compiled; only of one in which <see cref="Problem"/> finds nothing.</summary>
    internal static Condition Compile(MappingCondition condition)
    {
        var text = condition.Value is { } value ? TextOf(value) : "";
        var number = Numbers.Parse(text) ?? 0;
        Func<Value?, bool> test = condition.Op switch
        {
            "exists" => v => v is { Text.Length: > 0 },
            "missing" => v => v is not { Text.Length: > 0 },
            "equals" => v => v is { } known && Same(known, text),
            "not_equals" => v => v is not { } known || !Same(known, text),
            "contains" => v => v is { } known && known.Text.Contains(text, StringComparison.OrdinalIgnoreCase),
            "starts_with" => v => v is { } known && known.Text.StartsWith(text, StringComparison.OrdinalIgnoreCase),
            "ends_with" => v => v is { } known && known.Text.EndsWith(text, StringComparison.OrdinalIgnoreCase),
            "matches" => Matches(text),
            "gt" => v => Number(v) > number,
            "gte" => v => Number(v) >= number,
            "lt" => v => Number(v) < number,
            "lte" => v => Number(v) <= number,
            _ => In(condition.Value!.Value, condition.Op == "in"),
        };
        return new Condition(condition.Path, test);
    }

    /// <summary>Whether the event meets it.</summary>
    internal bool Holds(Facts facts) => _test(facts.At(_path));

    private static Func<Value?, bool> Matches(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, RegexLimit);
        return v => v is { } known && regex.IsMatch(known.Text);
    }

    private static Func<Value?, bool> In(JsonElement list, bool wanted)
    {
        var texts = list.EnumerateArray().Select(TextOf).ToList();
        return v => texts.Exists(t => v is { } known && Same(known, t)) == wanted;
    }

    private static bool Same(Value value, string text) =>
        string.Equals(value.Text, text, StringComparison.Ordinal)
        || (Numbers.Parse(value.Text) is { } a && Numbers.Parse(text) is { } b && a == b);

    private static decimal? Number(Value? value) => value is { } known ? Numbers.Parse(known.Text.Trim()) : null;

    private static string TextOf(JsonElement value) => Value.Of(value)?.Text ?? "";

    private static string? RegexProblem(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, RegexLimit);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The pattern can't be used: {e.Message}");
        }
    }
}
