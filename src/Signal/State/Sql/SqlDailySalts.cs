using System.Security.Cryptography;

namespace Signal.State.Sql;

/// <summary>Salts in SQL, the latest one at hand. Whoever asks first on a day makes it; the others find it.</summary>
internal sealed class SqlDailySalts(IStateDatabase database) : IDailySalts
{
    private const int Size = 32;

    private volatile Held? _latest;

    public ValueTask<byte[]> OfAsync(DateOnly day, CancellationToken stop) =>
        _latest is { } latest && latest.Day == day ? new(latest.Salt) : new(TakeAsync(day, stop));

    public async Task<long> ForgetAsync(DateOnly before, CancellationToken stop)
    {
        if (_latest is { } latest && latest.Day < before) _latest = null;
        return await database.WriteAsync(s => ForgetAsync(s, before), stop);
    }

    private async Task<byte[]> TakeAsync(DateOnly day, CancellationToken stop)
    {
        var fresh = RandomNumberGenerator.GetBytes(Size);
        var salt = await database.WriteAsync(s => TakeAsync(s, day, fresh), stop);
        // A request from just before midnight may end after one from just after it.
        if (_latest is not { } latest || latest.Day < day) _latest = new Held(day, salt);
        return salt;
    }

    private static async Task<byte[]> TakeAsync(SqlSession session, DateOnly day, byte[] fresh)
    {
        await session.ExecuteAsync("INSERT INTO daily_salts(day, salt) VALUES(@day, @salt) ON CONFLICT(day) DO NOTHING", ("@day", day.DayNumber), ("@salt", fresh));
        await ForgetAsync(session, day.AddDays(-1));
        return (await session.FirstAsync("SELECT salt FROM daily_salts WHERE day=@day", row => row.GetFieldValue<byte[]>(0), ("@day", day.DayNumber)))!;
    }

    private static Task<int> ForgetAsync(SqlSession session, DateOnly before) =>
        session.ExecuteAsync("DELETE FROM daily_salts WHERE day<@before", ("@before", before.DayNumber));

    private sealed record Held(DateOnly Day, byte[] Salt);
}
