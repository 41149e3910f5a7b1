using System.Text.Json.Serialization;
using Signal.Destinations;

namespace Signal.Manage.Http;

/// <summary>What every failing answer looks like.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorView(ErrorBody Error);

/// <summary>What went wrong.</summary>
/// <param name="Code">For programs, such as <c>VALIDATION_FAILED</c>.</param>
/// <param name="Message">For people: what happened and what to do.</param>
/// <param name="Fields">Every field that is wrong, when a field is.</param>
internal sealed record ErrorBody(
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Fields = null);
