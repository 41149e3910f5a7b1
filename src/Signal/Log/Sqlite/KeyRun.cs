using System.Buffers.Binary;

namespace Signal.Log.Sqlite;

/// <summary>Message keys of some time, put away together and never changed.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="Buckets">How many rows hold its keys.</param>
/// <param name="Newest">When its latest key was appended, unix ms.</param>
/// <param name="Filter">Tells what it does not hold.</param>
internal sealed record KeyRun(long Id, int Buckets, long Newest, KeyFilter Filter)
{
    private const int KeysOfBucket = 256;
    private const int KeyBytes = 16;
    private const int EntryBytes = KeyBytes + sizeof(long);

    /// <summary>How many rows take that many keys.</summary>
    public static int BucketsFor(int keys) => (keys / KeysOfBucket) + 1;

    /// <summary>The row a key is in, if in any.</summary>
    public static int BucketOf(UInt128 key, int buckets) => (int)Math.BigMul((ulong)(key >> 64), (ulong)buckets, out _);

    /// <summary>The keys of each row, in no order: 16 bytes of key and 8 of time, big-endian.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Rows(IReadOnlyCollection<KeyValuePair<UInt128, long>> keys)
    {
        var buckets = BucketsFor(keys.Count);
        var ends = new int[buckets + 1];
        foreach (var (key, _) in keys) ends[BucketOf(key, buckets) + 1]++;
        for (var b = 0; b < buckets; b++) ends[b + 1] += ends[b];

        var entries = new byte[keys.Count * EntryBytes];
        var next = ends.ToArray();
        foreach (var (key, at) in keys)
        {
            var entry = entries.AsSpan(next[BucketOf(key, buckets)]++ * EntryBytes, EntryBytes);
            BinaryPrimitives.WriteUInt128BigEndian(entry, key);
            BinaryPrimitives.WriteInt64BigEndian(entry[KeyBytes..], at);
        }

        for (var b = 0; b < buckets; b++) yield return entries.AsMemory(ends[b] * EntryBytes, (ends[b + 1] - ends[b]) * EntryBytes);
    }

    /// <summary>When a key of this row was appended, or null when it is not in it.</summary>
    public static long? Find(ReadOnlySpan<byte> row, UInt128 key)
    {
        for (; row.Length >= EntryBytes; row = row[EntryBytes..])
            if (BinaryPrimitives.ReadUInt128BigEndian(row) == key) return BinaryPrimitives.ReadInt64BigEndian(row[KeyBytes..]);
        return null;
    }
}
