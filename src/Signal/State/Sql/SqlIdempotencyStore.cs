using System.Security.Cryptography;
using Signal.State.Secrets;

namespace Signal.State.Sql;

/// <summary>Answers to creates in SQL; what has expired is swept with each new call.</summary>
internal sealed class SqlIdempotencyStore(IStateDatabase database, ISecretBox box) : IIdempotencyStore
{
    public async Task<IdempotentCall?> BeginAsync(string call, string fingerprint, DateTimeOffset now, DateTimeOffset until, CancellationToken stop)
    {
        var known = await database.WriteAsync(
            async s =>
            {
                await s.ExecuteAsync("DELETE FROM idempotency WHERE expires_at<=@now", ("@now", now.Ms()));
                var before = await s.FirstAsync(
                    "SELECT fingerprint, answer FROM idempotency WHERE call=@call", row => new IdempotentCall(row.GetString(0), row.TextOrNull(1)), ("@call", call));
                if (before is null)
                {
                    await s.ExecuteAsync(
                        "INSERT INTO idempotency(call, fingerprint, expires_at) VALUES(@call, @fingerprint, @until)",
                        ("@call", call), ("@fingerprint", fingerprint), ("@until", until.Ms()));
                }

                return before;
            },
            stop);
        return known?.Answer is { } answer ? known with { Answer = Open(answer) } : known;
    }

    public Task FinishAsync(string call, string answer, CancellationToken stop)
    {
        var closed = box.Seal(answer);
        return database.WriteAsync(s => s.ExecuteAsync("UPDATE idempotency SET answer=@answer WHERE call=@call", ("@answer", closed), ("@call", call)), stop);
    }

    public Task ForgetAsync(string call, CancellationToken stop) =>
        database.WriteAsync(s => s.ExecuteAsync("DELETE FROM idempotency WHERE call=@call", ("@call", call)), stop);

    /// <summary>Puts every answer under the current master key; one whose key is not at hand stays as it is. Answers how many changed.</summary>
    public Task<int> ResealAsync(AesSecretBox ring, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var changed = 0;
            foreach (var (call, answer) in await s.QueryAsync("SELECT call, answer FROM idempotency WHERE answer IS NOT NULL", row => (row.GetString(0), row.GetString(1))))
            {
                if (Open(answer) is null || ring.Reseal(answer) is not { } fresh) continue;
                changed += await s.ExecuteAsync("UPDATE idempotency SET answer=@answer WHERE call=@call", ("@answer", fresh), ("@call", call));
            }

            return changed;
        },
        stop);

    private string? Open(string answer)
    {
        try
        {
            return box.Open(answer);
        }
        catch (CryptographicException)
        {
            // The master key was rotated away within the day; that the call was made is still known.
            return null;
        }
    }
}
