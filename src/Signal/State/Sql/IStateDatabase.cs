namespace Signal.State.Sql;

/// <summary>A database that holds the state: runs units of work and queries.</summary>
internal interface IStateDatabase
{
    /// <summary>What is special about it.</summary>
    Dialect Dialect { get; }

    /// <summary>
    /// Runs <paramref name="unit"/> in a transaction and completes when it is durable. A unit that throws leaves no trace and
    /// does not disturb others. It may run more than once, and must change nothing but the database.
    /// </summary>
    /// <exception cref="StateUnavailableException">Nothing of it is promised.</exception>
    Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> unit, CancellationToken stop);

    /// <summary>Runs <paramref name="query"/> on one consistent view of what is committed.</summary>
    /// <exception cref="StateUnavailableException">The database can't be read now.</exception>
    Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> query, CancellationToken stop);

    /// <summary>Leaves no trace of removed rows in any file; while somebody outside reads them, with the first commit after.</summary>
    Task ScrubAsync(CancellationToken stop);
}
