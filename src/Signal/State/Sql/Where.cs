using System.Data.Common;

namespace Signal.State.Sql;

/// <summary>Conditions of a filter: a part that was not given adds nothing.</summary>
internal sealed class Where
{
    private readonly List<string> _conditions = [];
    private readonly List<(string, object?)> _values = [];

    public Where Equal(string column, object? value) => And($"{column}=@{column}", $"@{column}", value);

    public Where And(string condition, string name, object? value)
    {
        if (value is null) return this;
        _conditions.Add(condition);
        _values.Add((name, value));
        return this;
    }

    public Where When(bool given, string condition)
    {
        if (given) _conditions.Add(condition);
        return this;
    }

    /// <summary>Any of the columns holds the text, or the <paramref name="form"/> column holds it as it stands in a form-encoded request; case does not matter.</summary>
    public Where Contains(IReadOnlyList<string> columns, string form, string? text)
    {
        if (string.IsNullOrEmpty(text)) return this;
        var encoded = Uri.EscapeDataString(text);
        var conditions = columns.Append(form).Select(c => $"lower({c}) LIKE @text ESCAPE '~'");
        if (encoded != text) conditions = conditions.Append($"lower({form}) LIKE @encoded ESCAPE '~'");
        And("(" + string.Join(" OR ", conditions) + ")", "@text", Anywhere(text));
        if (encoded != text) _values.Add(("@encoded", Anywhere(encoded)));
        return this;
    }

    private static string Anywhere(string text) => "%" + text.ToLowerInvariant().Replace("~", "~~", StringComparison.Ordinal)
        .Replace("%", "~%", StringComparison.Ordinal).Replace("_", "~_", StringComparison.Ordinal) + "%";

    public Task<List<T>> QueryAsync<T>(SqlSession session, string select, string order, int limit, Func<DbDataReader, T> read, int skip = 0)
    {
        var where = _conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", _conditions);
        return session.QueryAsync($"{select}{where} {order} LIMIT @limit{(skip > 0 ? " OFFSET @skip" : "")}", read, [.. _values, ("@limit", limit), .. skip > 0 ? (IEnumerable<(string, object?)>)[("@skip", skip)] : []]);
    }
}
