using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;

namespace Signal.Manage.Http;

/// <summary>Where in a list, and how much of it.</summary>
internal record PageQuery
{
    /// <summary>The next_cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>Rows at most; 50 when left out.</summary>
    [Range(1, 100, ErrorMessage = "{0} must be between {1} and {2}.")]
    public int Limit { get; init; } = 50;
}

/// <summary>A page of a list.</summary>
/// <param name="Data">The rows.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> for the next page; null at the end.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor, bool HasMore);

/// <summary>Makes pages; a cursor is an opaque text that names the last row of a page.</summary>
internal static class Paging
{
    /// <summary>A page of rows of which one more than asked for was read.</summary>
    public static Page<TOut> Of<T, TOut>(IReadOnlyList<T> rows, int limit, Func<T, TOut> view, Func<T, object> position)
    {
        var more = rows.Count > limit;
        var shown = rows.Take(limit).ToList();
        return new Page<TOut>([.. shown.Select(view)], more ? Write(position(shown[^1])) : null, more);
    }

    /// <summary>A page of which it is known where to go on; null at the end.</summary>
    public static Page<TOut> Of<T, TOut>(IReadOnlyList<T> rows, Func<T, TOut> view, object? next) => new([.. rows.Select(view)], next is null ? null : Write(next), next is not null);

    /// <summary>A page of a list held in memory, in the order of its ids.</summary>
    public static IResult OfIds<T, TOut>(IEnumerable<T> all, PageQuery query, Func<T, string> id, Func<T, TOut> view)
    {
        if (!TryRead<string>(query.Cursor, out var after)) return BadCursor();
        var rows = all.OrderBy(id, StringComparer.Ordinal).SkipWhile(r => after is not null && string.CompareOrdinal(id(r), after) <= 0);
        return Answer.Ok(Of([.. rows.Take(query.Limit + 1)], query.Limit, view, r => id(r)));
    }

    /// <summary>Reads a cursor back; false when it is none of ours.</summary>
    public static bool TryRead<T>(string? cursor, out T? position)
    {
        position = default;
        if (cursor is null) return true;
        try
        {
            position = JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(cursor));
            return position is not null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return false;
        }
    }

    public static IResult BadCursor() =>
        Answer.Invalid([new("cursor", "format", "cursor is not one this list gave out. Leave it out to start from the beginning.")]);

    private static string Write(object position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(position)));
}
