namespace Signal.State.Sql;

/// <summary>What express lanes have settled ahead of the lanes they overtake.</summary>
internal static class OvertakenTable
{
    public static async Task<IReadOnlyList<long>> OvertakenAsync(this SqlSession session, string lane, int partition, long after, long upto) =>
        await session.QueryAsync(
            "SELECT position FROM overtaken WHERE lane=@lane AND part=@part AND position>@after AND position<=@upto ORDER BY position",
            row => row.GetInt64(0), ("@lane", lane), ("@part", partition), ("@after", after), ("@upto", upto));

    public static async Task<OvertakenExtent> OvertakenExtentAsync(this SqlSession session, string lane, int partition) =>
        await session.FirstAsync(
            "SELECT count(*), COALESCE(max(position), 0) FROM overtaken WHERE lane=@lane AND part=@part",
            row => new OvertakenExtent(row.GetInt64(0), row.GetInt64(1)), ("@lane", lane), ("@part", partition));

    /// <summary>Adds what an express lane has settled, and forgets what its lane's cursor has passed.</summary>
    public static async Task OvertakeAsync(this SqlSession session, Settlement s)
    {
        foreach (var position in s.Overtaken)
        {
            await session.ExecuteAsync(
                "INSERT INTO overtaken(lane, part, position) VALUES(@lane, @part, @position) ON CONFLICT DO NOTHING",
                ("@lane", s.Within!.Lane), ("@part", s.Partition), ("@position", position));
        }

        if (s.Within is not null || s.Next.Offset == s.Expected?.Offset) return;
        await session.ExecuteAsync(
            "DELETE FROM overtaken WHERE lane=@lane AND part=@part AND position<=@passed", ("@lane", s.Lane), ("@part", s.Partition), ("@passed", s.Next.Offset));
    }
}
