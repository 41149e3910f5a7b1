using System.Text.Json;

namespace Signal.Configure;

/// <summary>
/// One row of a mapping: for events called <c>event</c>, the destination's field <c>target</c> is
/// <c>value</c>, or what stands at <c>source</c>, or what <c>expression</c> answers.
/// </summary>
public sealed record FieldMapping
{
    /// <summary>The event's name, matched without regard to case and to <c>_</c>/space; a type such as <c>page</c>; or <c>*</c> for every event.</summary>
    public required string Event { get; init; }

    /// <summary>The destination's field, from its vocabulary.</summary>
    public required string Target { get; init; }

    /// <summary>A fixed value: text, number or boolean; a list or an object where the target takes one (<c>cvar</c>, <c>ec_items</c>).</summary>
    public JsonElement? Value { get; init; }

    /// <summary>A dotted path into the event: <c>properties.plan</c>, <c>traits.plan</c>, <c>context.locale</c>, <c>userId</c>.</summary>
    public string? Source { get; init; }

    /// <summary>What to send when the source is missing.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>A named change of the value: <c>lowercase, uppercase, trim, round, number, money, hash_sha256, …</c>.</summary>
    public string? Transform { get; init; }

    /// <summary>Values to replace, each by its counterpart.</summary>
    public IReadOnlyDictionary<string, string>? ValueMap { get; init; }

    /// <summary>A condition the event must meet, <c>{"path":"properties.value","op":"gt","value":10}</c>.</summary>
    public MappingCondition? When { get; init; }

    /// <summary>A JavaScript expression over <c>event</c>, <c>visitor</c> and <c>value</c>; sandboxed.</summary>
    public string? Expression { get; init; }
}

/// <summary>A condition on one value of the event.</summary>
/// <param name="Path">A dotted path into the event.</param>
/// <param name="Op"><c>exists, missing, equals, not_equals, contains, starts_with, matches, gt, gte, lt, lte, in</c>.</param>
/// <param name="Value">What to compare with; none for <c>exists</c> and <c>missing</c>.</param>
public sealed record MappingCondition(string Path, string Op, JsonElement? Value = null);
