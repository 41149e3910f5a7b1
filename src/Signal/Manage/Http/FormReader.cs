using System.Text.Json;
using Signal.Destinations;

namespace Signal.Manage.Http;

/// <summary>Reads a body, or a whole value made of a partial one, and finds every error at once: those of its form and, about the rest, those of its further rules.</summary>
internal static class FormReader
{
    /// <summary>The value, or null with at least one error. Further rules are asked only when the form is wrong: else the change asks them itself.</summary>
    public static async Task<(T? Value, IReadOnlyList<FieldError> Errors)> ReadAsync<T>(JsonElement json, IFurtherRules<T>? rules, string? id, CancellationToken stop)
        where T : class
    {
        var (value, errors) = InputCheck.Read<T>(json);
        if (errors.Count == 0 || rules is null || Remainder.Of<T>(json, errors) is not { } rest) return (value, errors);
        return (value, [.. errors, .. (await rules.CheckAsync(rest.Value, id, stop)).Where(e => !rest.IsTold(e.Field))]);
    }
}
