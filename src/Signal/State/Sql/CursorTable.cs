using System.Text.Json;

namespace Signal.State.Sql;

/// <summary>Where each lane stands. A move is fenced: it happens only from the cursor the lane believes in.</summary>
internal static class CursorTable
{
    /// <summary>Stands in the table for no express lane: a value that can be compared.</summary>
    private const long None = -1;

    public static Task<Cursor?> CursorAsync(this SqlSession session, string lane, int partition) =>
        session.FirstAsync(
            "SELECT position, hits_done, ahead, failed, express FROM cursors WHERE lane=@lane AND part=@part",
            row => new Cursor(row.GetInt64(0), row.GetInt32(1), JsonSerializer.Deserialize<long[]>(row.GetString(2))!)
            {
                Failed = row.TextOrNull(3) is { } failed ? JsonSerializer.Deserialize<FailedHit[]>(failed)! : [],
                Express = row.GetInt64(4) is var express and not None ? express : null,
            },
            ("@lane", lane), ("@part", partition));

    /// <summary>False when a stored cursor is another than expected: the caller must not write anything else.</summary>
    public static async Task<bool> MoveAsync(this SqlSession session, Settlement s) =>
        (s.Within is not { } within || await HasExpressAsync(session, within, s.Partition))
        && (s.Ends is not { } ends || (await HasExpressAsync(session, new ExpressFence(s.Lane, s.Expected?.Express ?? None), s.Partition)
            && await StandsAsync(session, ExpressLanes.Of(s.Lane), s.Partition, ends)))
        && await MoveOwnAsync(session, s)
        && (s.Ends is null || await EndAsync(session, ExpressLanes.Of(s.Lane), s.Partition));

    // Updates, so that in a server's database what they find stays so until the end of the transaction; the lane's row always before its
    // express lane's, so that two transactions never wait for each other.
    private static async Task<bool> HasExpressAsync(SqlSession session, ExpressFence within, int partition) =>
        await session.ExecuteAsync(
            "UPDATE cursors SET express=express WHERE lane=@lane AND part=@part AND express=@from",
            ("@lane", within.Lane), ("@part", partition), ("@from", within.From)) == 1;

    private static async Task<bool> StandsAsync(SqlSession session, string lane, int partition, Cursor cursor) =>
        await session.ExecuteAsync(
            "UPDATE cursors SET express=express WHERE lane=@lane AND part=@part AND position=@position AND hits_done=@hits AND ahead=@ahead",
            ("@lane", lane), ("@part", partition), ("@position", cursor.Offset), ("@hits", cursor.HitsDone), ("@ahead", Text(cursor))) == 1;

    private static async Task<bool> EndAsync(SqlSession session, string lane, int partition) =>
        await session.ExecuteAsync("DELETE FROM cursors WHERE lane=@lane AND part=@part", ("@lane", lane), ("@part", partition)) == 1;

    private static async Task<bool> MoveOwnAsync(SqlSession session, Settlement s)
    {
        // Before the first event and no cursor at all are the same place.
        if (s.Expected is null || s.Expected == Cursor.Start)
        {
            var inserted = await session.ExecuteAsync(
                """
                INSERT INTO cursors(lane, part, integration_id, position, hits_done, ahead, failed, express)
                VALUES(@lane, @part, @integration, @position, @hits, @ahead, @failed, @express)
                ON CONFLICT(lane, part) DO NOTHING
                """,
                ("@lane", s.Lane), ("@part", s.Partition), ("@integration", s.IntegrationId),
                ("@position", s.Next.Offset), ("@hits", s.Next.HitsDone), ("@ahead", Text(s.Next)), ("@failed", Failed(s.Next)),
                ("@express", s.Next.Express ?? None));
            if (inserted == 1 || s.Expected is null) return inserted == 1;
        }

        return await session.ExecuteAsync(
            """
            UPDATE cursors SET position=@position, hits_done=@hits, ahead=@ahead, failed=@failed, express=@express
            WHERE lane=@lane AND part=@part AND position=@position0 AND hits_done=@hits0 AND ahead=@ahead0 AND express=@express0
            """,
            ("@lane", s.Lane), ("@part", s.Partition),
            ("@position", s.Next.Offset), ("@hits", s.Next.HitsDone), ("@ahead", Text(s.Next)), ("@failed", Failed(s.Next)),
            ("@express", s.Next.Express ?? None), ("@position0", s.Expected.Offset), ("@hits0", s.Expected.HitsDone),
            ("@ahead0", Text(s.Expected)), ("@express0", s.Expected.Express ?? None)) == 1;
    }

    private static string? Failed(Cursor cursor) => cursor.Failed.Count == 0 ? null : JsonSerializer.Serialize(cursor.Failed);

    private static string Text(Cursor cursor) => cursor.Ahead.Count == 0 ? "[]" : JsonSerializer.Serialize(cursor.Ahead);
}
