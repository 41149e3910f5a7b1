using Signal.Destinations;
using Signal.Map;

namespace Signal.Manage.Http;

/// <summary>Errors that several inputs share.</summary>
internal static class FieldErrors
{
    /// <summary>The error for a name nobody knows.</summary>
    public static FieldError Unknown(string field, string name, IEnumerable<string> known) =>
        new(field, "unknown", Spelling.Closest(name, known) is { } meant ? $"{field} is unknown. Did you mean {meant}?" : $"{field} is unknown. Remove it.");
}
