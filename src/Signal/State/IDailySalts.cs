namespace Signal.State;

/// <summary>
/// The secret of each day (UTC) from which visitors' ids are made where nothing is stored with them. Once a day's salt is
/// forgotten, nobody can tell any more whose an id of that day was.
/// </summary>
public interface IDailySalts
{
    /// <summary>32 random bytes, the same for every process and after a restart. Fast enough for every request. Forgets those of days before the day before.</summary>
    ValueTask<byte[]> OfAsync(DateOnly day, CancellationToken stop);

    /// <summary>Forgets those of earlier days for good. Answers how many.</summary>
    Task<long> ForgetAsync(DateOnly before, CancellationToken stop);
}
