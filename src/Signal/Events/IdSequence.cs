namespace Signal.Events;

/// <summary>UUIDs v7 that grow with every call: the 12 bits after the milliseconds count. A busy millisecond borrows from the one after it.</summary>
internal sealed class IdSequence
{
    private const int CounterBits = 12;

    // An id for a much older moment than the latest is not made to follow it.
    private const long MostBorrowed = 2000L << CounterBits;
    private long _latest;

    /// <summary>32 hexadecimal digits.</summary>
    internal string Next(DateTimeOffset now)
    {
        var stamp = (ulong)Stamp(now.ToUnixTimeMilliseconds() << CounterBits);
        var first = (stamp >> CounterBits << 16) | 0x7000 | (stamp & ((1 << CounterBits) - 1));
        var second = ((ulong)Random.Shared.NextInt64() >> 1) | (1UL << 63);
        return $"{first:x16}{second:x16}";
    }

    private long Stamp(long wanted)
    {
        while (true)
        {
            var latest = Volatile.Read(ref _latest);
            var next = wanted > latest || latest - wanted > MostBorrowed ? wanted : latest + 1;
            if (Interlocked.CompareExchange(ref _latest, next, latest) == latest) return next;
        }
    }
}
