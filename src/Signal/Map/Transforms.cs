using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Signal.Map;

/// <summary>Named changes of a value, applied in order: <c>trim|lowercase|cut:50</c>.</summary>
internal sealed class Transforms
{
    private static readonly Dictionary<string, Func<Value, string, Value?>> Known = new(StringComparer.Ordinal)
    {
        ["trim"] = (v, _) => Text(v.Text.Trim()),
        ["lowercase"] = (v, _) => Text(v.Text.ToLowerInvariant()),
        ["uppercase"] = (v, _) => Text(v.Text.ToUpperInvariant()),
        ["cut"] = (v, n) => Text(SafeText.Cut(v.Text, int.Parse(n, CultureInfo.InvariantCulture))),
        ["prefix"] = (v, text) => Text(text + v.Text),
        ["suffix"] = (v, text) => Text(v.Text + text),
        ["replace"] = Replace,
        ["number"] = (v, _) => Number(Numbers.Parse(v.Text.Trim())),
        ["integer"] = (v, _) => Number(Numbers.Parse(v.Text.Trim()) is { } n ? decimal.Truncate(n) : null),
        ["round"] = (v, n) => Number(Numbers.Parse(v.Text.Trim()) is { } d ? Math.Round(d, n.Length == 0 ? 0 : int.Parse(n, CultureInfo.InvariantCulture), MidpointRounding.AwayFromZero) : null),
        ["floor"] = (v, _) => Number(Numbers.Parse(v.Text.Trim()) is { } d ? Math.Floor(d) : null),
        ["ceil"] = (v, _) => Number(Numbers.Parse(v.Text.Trim()) is { } d ? Math.Ceiling(d) : null),
        ["abs"] = (v, _) => Number(Numbers.Parse(v.Text.Trim()) is { } d ? Math.Abs(d) : null),
        ["multiply"] = (v, n) => Number(Numbers.Parse(v.Text.Trim()) is { } d ? Multiplied(d, Numbers.Parse(n)!.Value) : null),
        ["money"] = (v, _) => Money.Parse(v) is { } amount ? new Value(ValueKind.Number, Money.Format(amount)) : null,
        ["boolean"] = (v, _) => Text(v.Text.Trim().ToLowerInvariant() is "true" or "1" or "yes" or "on" ? "true" : "false"),
        ["hash_sha256"] = (v, _) => Text(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(v.Text.Trim())))),
        ["url_host"] = (v, _) => Uri.TryCreate(v.Text, UriKind.Absolute, out var url) ? Text(url.Host) : null,
        ["url_path"] = (v, _) => Uri.TryCreate(v.Text, UriKind.Absolute, out var url) ? Text(url.AbsolutePath) : null,
        ["url_without_query"] = (v, _) => Text(v.Text.Split('?', '#')[0]),
        ["first"] = (v, _) => Item(v, 0),
        ["last"] = (v, _) => Item(v, -1),
        ["count"] = (v, _) => Elements(v) is { } items ? Number(items.Count) : null,
        ["join"] = (v, by) => Elements(v) is { } items ? Text(string.Join(by.Length == 0 ? "," : by, items.Select(i => i.Text))) : v,
        ["json"] = (v, _) => Text(v.Text),
    };

    private static readonly HashSet<string> NeedArgument = ["cut", "prefix", "suffix", "replace", "multiply"];
    private static readonly HashSet<string> NumberArgument = ["cut", "round", "multiply"];
    private readonly IReadOnlyList<(Func<Value, string, Value?> Change, string Argument)> _steps;

    private Transforms(IReadOnlyList<(Func<Value, string, Value?>, string)> steps) => _steps = steps;

    /// <summary>The names there are, in the documentation's order.</summary>
    internal static IEnumerable<string> Names => Known.Keys;

    /// <summary>What is wrong with the text of a transform; null when nothing is.</summary>
    internal static string? Problem(string transform)
    {
        foreach (var (name, argument, hasArgument) in Steps(transform))
        {
            if (!Known.ContainsKey(name))
                return $"There is no transform \"{name}\".{Spelling.Hint(name, Known.Keys)} Known are: {string.Join(", ", Known.Keys)}.";
            if (NeedArgument.Contains(name) && !hasArgument) return $"The transform \"{name}\" needs an argument, such as \"{name}:{Example(name)}\".";
            if (NumberArgument.Contains(name) && hasArgument && !IsAcceptable(name, argument))
                return $"The transform \"{name}\" takes {(name == "multiply" ? "a number" : "a whole number")}, not \"{argument}\".";
            if (name == "replace" && !argument.Contains(':', StringComparison.Ordinal)) return "The transform \"replace\" is written \"replace:old:new\".";
        }

        return null;
    }

    /// <summary>The transform; only of a text in which <see cref="Problem"/> finds nothing.</summary>
    internal static Transforms Parse(string transform) =>
        new(Steps(transform).Select(s => (Known[s.Name], s.Argument)).ToList());

    /// <summary>The changed value; null when a step has no answer for it.</summary>
    internal Value? Apply(Value value)
    {
        Value? current = value;
        foreach (var (change, argument) in _steps)
        {
            if (current is not { } known) return null;
            current = change(known, argument);
        }

        return current;
    }

    private static IEnumerable<(string Name, string Argument, bool HasArgument)> Steps(string transform)
    {
        foreach (var step in transform.Split('|'))
        {
            var colon = step.IndexOf(':', StringComparison.Ordinal);
            yield return colon < 0 ? (step.Trim(), "", false) : (step[..colon].Trim(), step[(colon + 1)..], true);
        }
    }

    private static bool IsAcceptable(string name, string argument) => name switch
    {
        "multiply" => Numbers.Parse(argument) is not null,
        "round" => int.TryParse(argument, CultureInfo.InvariantCulture, out var places) && places is >= 0 and <= 10,
        _ => int.TryParse(argument, CultureInfo.InvariantCulture, out var length) && length > 0,
    };

    private static string Example(string name) => name switch { "cut" => "50", "multiply" => "0.01", "replace" => "old:new", _ => "text" };

    private static Value? Text(string text) => Value.Of(text);

    private static Value? Number(decimal? number) => number is { } known ? Value.Of(known) : null;

    private static decimal? Multiplied(decimal a, decimal b) => Math.Abs((double)a * (double)b) < 1e27 ? a * b : null;

    private static Value? Replace(Value value, string argument)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        var old = argument[..colon];
        return old.Length == 0 ? value : Text(value.Text.Replace(old, argument[(colon + 1)..], StringComparison.Ordinal));
    }

    private static Value? Item(Value value, int index)
    {
        if (Elements(value) is not { } items) return value;
        return items.Count == 0 ? null : items[index < 0 ? items.Count - 1 : index];
    }

    private static List<Value>? Elements(Value value)
    {
        if (value.Kind != ValueKind.Json || !value.Text.StartsWith('[')) return null;
        using var document = JsonDocument.Parse(value.Text);
        return document.RootElement.EnumerateArray().Select(i => Value.Of(i)).OfType<Value>().ToList();
    }
}
