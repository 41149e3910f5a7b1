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

    /// <summary>Any of the columns holds the text; case does not matter.</summary>
    public Where Contains(IEnumerable<string> columns, string? text)
    {
        if (string.IsNullOrEmpty(text)) return this;
        var escaped = text.ToLowerInvariant().Replace("~", "~~", StringComparison.Ordinal)
            .Replace("%", "~%", StringComparison.Ordinal).Replace("_", "~_", StringComparison.Ordinal);
        return And("(" + string.Join(" OR ", columns.Select(c => $"lower({c}) LIKE @text ESCAPE '~'")) + ")", "@text", $"%{escaped}%");
    }

    public Task<List<T>> QueryAsync<T>(SqlSession session, string select, string order, int limit, Func<DbDataReader, T> read, int skip = 0)
    {
        var where = _conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", _conditions);
        return session.QueryAsync($"{select}{where} {order} LIMIT @limit{(skip > 0 ? " OFFSET @skip" : "")}", read, [.. _values, ("@limit", limit), .. skip > 0 ? (IEnumerable<(string, object?)>)[("@skip", skip)] : []]);
    }
}
