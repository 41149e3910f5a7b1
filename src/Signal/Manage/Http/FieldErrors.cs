using Signal.Destinations;
using Signal.Map;

namespace Signal.Manage.Http;

/// <summary>Errors that several inputs share.</summary>
internal static class FieldErrors
{
    /// <summary>Both, but of a field the first ones only: they are the more basic.</summary>
    public static IReadOnlyList<FieldError> Joined(IReadOnlyList<FieldError> basic, IEnumerable<FieldError> further)
    {
        var told = basic.Select(e => e.Field).ToHashSet();
        return [.. basic, .. further.Where(e => !told.Contains(e.Field))];
    }

    /// <summary>The error for a name nobody knows.</summary>
    public static FieldError Unknown(string field, string name, IEnumerable<string> known) =>
        new(field, "unknown", Spelling.Closest(name, known) is { } meant ? $"{field} is unknown. Did you mean {meant}?" : $"{field} is unknown. Remove it.");
}
