using System.Text.Json;

namespace Signal.State.Sql;

/// <summary>Where each lane stands. A move is fenced: it happens only from the cursor the lane believes in.</summary>
internal static class CursorTable
{
    public static Task<Cursor?> CursorAsync(this SqlSession session, string lane, int partition) =>
        session.FirstAsync(
            "SELECT position, hits_done, ahead, failed FROM cursors WHERE lane=@lane AND part=@part",
            row => new Cursor(row.GetInt64(0), row.GetInt32(1), JsonSerializer.Deserialize<long[]>(row.GetString(2))!)
            {
                Failed = row.TextOrNull(3) is { } failed ? JsonSerializer.Deserialize<FailedHit[]>(failed)! : [],
            },
            ("@lane", lane), ("@part", partition));

    /// <summary>False, and nothing written, when the stored cursor is another than expected.</summary>
    public static async Task<bool> MoveAsync(this SqlSession session, Settlement s)
    {
        // Before the first event and no cursor at all are the same place.
        if (s.Expected is null || s.Expected == Cursor.Start)
        {
            var inserted = await session.ExecuteAsync(
                """
                INSERT INTO cursors(lane, part, integration_id, position, hits_done, ahead, failed) VALUES(@lane, @part, @integration, @position, @hits, @ahead, @failed)
                ON CONFLICT(lane, part) DO NOTHING
                """,
                ("@lane", s.Lane), ("@part", s.Partition), ("@integration", s.IntegrationId),
                ("@position", s.Next.Offset), ("@hits", s.Next.HitsDone), ("@ahead", Text(s.Next)), ("@failed", Failed(s.Next)));
            if (inserted == 1 || s.Expected is null) return inserted == 1;
        }

        return await session.ExecuteAsync(
            """
            UPDATE cursors SET position=@position, hits_done=@hits, ahead=@ahead, failed=@failed
            WHERE lane=@lane AND part=@part AND position=@position0 AND hits_done=@hits0 AND ahead=@ahead0
            """,
            ("@lane", s.Lane), ("@part", s.Partition),
            ("@position", s.Next.Offset), ("@hits", s.Next.HitsDone), ("@ahead", Text(s.Next)), ("@failed", Failed(s.Next)),
            ("@position0", s.Expected.Offset), ("@hits0", s.Expected.HitsDone), ("@ahead0", Text(s.Expected))) == 1;
    }

    private static string? Failed(Cursor cursor) => cursor.Failed.Count == 0 ? null : JsonSerializer.Serialize(cursor.Failed);

    private static string Text(Cursor cursor) => cursor.Ahead.Count == 0 ? "[]" : JsonSerializer.Serialize(cursor.Ahead);
}
