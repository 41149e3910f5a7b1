using System.Text.Json;
using Signal.Configure;
using Signal.Events;

namespace Signal.Map;

/// <summary>A compiled row of a customer's own mapping.</summary>
internal sealed class MappingRow
{
    private readonly string _eventKey;
    private readonly Value? _value;
    private readonly string? _source;
    private readonly Value? _default;
    private readonly Transforms? _transforms;
    private readonly IReadOnlyDictionary<string, string>? _valueMap;
    private readonly Condition? _when;
    private readonly Script? _script;

    private MappingRow(FieldMapping row, int number)
    {
        Number = number;
        Target = row.Target;
        IsForEveryEvent = row.Event.Trim() == "*";
        _eventKey = EventNames.Key(row.Event);
        _value = Value.Of(row.Value);
        _source = string.IsNullOrWhiteSpace(row.Source) ? null : row.Source.Trim();
        _default = Value.Of(row.Default);
        _transforms = string.IsNullOrWhiteSpace(row.Transform) ? null : Transforms.Parse(row.Transform);
        _valueMap = row.ValueMap;
        _when = row.When is null ? null : Condition.Compile(row.When);
        _script = string.IsNullOrWhiteSpace(row.Expression) ? null : Script.Compile(row.Expression);
    }

    /// <summary>Its place among the rows, from 1.</summary>
    internal int Number { get; }

    /// <summary>The destination's field.</summary>
    internal string Target { get; }

    /// <summary>It is for every event (<c>*</c>).</summary>
    internal bool IsForEveryEvent { get; }

    /// <summary>Its value is fixed, not the event's.</summary>
    internal bool IsFixed => _value is not null;

    /// <summary>Compiles a row in which <see cref="MappingProblems"/> finds nothing.</summary>
    internal static MappingRow Compile(FieldMapping row, int number) => new(row, number);

    /// <summary>Whether it is for this event and its condition holds.</summary>
    internal bool Applies(Facts facts) => IsFor(facts.Event) && (_when is null || _when.Holds(facts));

    /// <summary>The value; null when there is none and the row changes nothing; an empty text to leave the field out.</summary>
    internal Value? Read(Facts facts, Action<string> warn)
    {
        var found = _value ?? (_source is null ? null : facts.At(_source));
        if (_script is not null)
        {
            found = _script.Run(facts, found, out var failure);
            if (failure is not null) warn($"Mapping {Number} ({Target}) gave no value: its expression failed, {failure}.");
        }

        if (found is { Text.Length: > 0 } value)
        {
            found = _transforms is null ? value : _transforms.Apply(value);
            if (found is null && _default is null) warn($"Mapping {Number} ({Target}) gave no value: its transform has no answer for \"{SafeText.Cut(SafeText.Valid(value.Text), 60)}\".");
            if (found is { } changed && _valueMap?.GetValueOrDefault(changed.Text) is { } counterpart) found = Value.Of(counterpart);
        }
        else if (_value is null)
        {
            found = null;
        }

        return found ?? _default;
    }

    private bool IsFor(Event e) =>
        IsForEveryEvent || IsTypeOf(e) || (e.Type == EventType.Track && e.Name is { } name && EventNames.Key(name) == _eventKey);

    private bool IsTypeOf(Event e) => string.Equals(_eventKey, e.Type.ToString(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>What is wrong with rows of a mapping, apart from their targets, which the destination knows.</summary>
internal static class MappingProblems
{
    private const int MostRows = 500;

    /// <summary>Every problem of a row: part of the row, rule, message.</summary>
    /// <param name="row">The row.</param>
    /// <param name="takesJson">Its target takes a list or an object.</param>
    internal static IEnumerable<(string Part, string Rule, string Message)> Of(FieldMapping row, bool takesJson = false)
    {
        if (string.IsNullOrWhiteSpace(row.Event)) yield return ("event", "required", "Name the event this row is for, or * for every event.");
        if (row.Value is null && row.Source is null && row.Expression is null && row.Default is null)
            yield return ("source", "required", "Say where the value comes from: value, source, expression or default.");
        if (!takesJson && row.Value is { ValueKind: JsonValueKind.Object or JsonValueKind.Array }) yield return ("value", "format", "A fixed value of this target is a text, a number or true/false.");
        if (!takesJson && row.Default is { ValueKind: JsonValueKind.Object or JsonValueKind.Array }) yield return ("default", "format", "A default of this target is a text, a number or true/false.");
        if (row.Value is not null && row.Source is not null) yield return ("source", "conflict", "Give a fixed value or a source, not both.");
        if (row.Source is { } source && !IsPath(source)) yield return ("source", "format", $"\"{source}\" is not a path. Write it with dots, such as properties.plan.");
        if (!string.IsNullOrWhiteSpace(row.Transform) && Transforms.Problem(row.Transform) is { } transform) yield return ("transform", "unknown", transform);
        if (row.When is not null && Condition.Problem(row.When) is { } when) yield return ("when", "format", when);
        if (!string.IsNullOrWhiteSpace(row.Expression) && Script.Problem(row.Expression) is { } expression) yield return ("expression", "format", expression);
    }

    /// <summary>A problem of the rows together, or null.</summary>
    internal static string? OfAll(IReadOnlyList<FieldMapping> rows) => rows.Count > MostRows ? $"A mapping may have {MostRows} rows; this one has {rows.Count}." : null;

    private static bool IsPath(string source) =>
        source.Trim().Split('.').All(step => step.Length > 0 && !step.Any(c => char.IsWhiteSpace(c) && c != ' ')) && source.Length <= 256;
}
