using System.Runtime.InteropServices;

namespace Signal.Log.Sqlite;

/// <summary>
/// Tells which message keys are surely not among many: a Bloom filter of 2 bytes a key that looks at one cache line. It never misses a
/// key that was added, and takes about one in a thousand others for one. Message keys are hashes, so their own bits choose.
/// </summary>
internal sealed class KeyFilter
{
    // A block is a cache line of eight words, in each of which a key sets one bit.
    private const int Words = 8;
    private const int KeysOfBlock = 32;

    private readonly ulong[] _words;

    public KeyFilter(int keys) => _words = new ulong[((keys / KeysOfBlock) + 1) * Words];

    /// <summary>As <see cref="Stored"/> gave it.</summary>
    public KeyFilter(ReadOnlySpan<byte> stored) => _words = MemoryMarshal.Cast<byte, ulong>(stored).ToArray();

    /// <summary>The words as bytes.</summary>
    public ReadOnlySpan<byte> Stored => MemoryMarshal.AsBytes(_words.AsSpan());

    public void Add(UInt128 key)
    {
        var block = BlockOf(key);
        var bits = (ulong)key;
        for (var word = 0; word < Words; word++, bits >>= 6) block[word] |= 1UL << (int)(bits & 63);
    }

    /// <summary>False when the key was never added.</summary>
    public bool MayHold(UInt128 key)
    {
        var block = BlockOf(key);
        var bits = (ulong)key;
        for (var word = 0; word < Words; word++, bits >>= 6)
            if ((block[word] & (1UL << (int)(bits & 63))) == 0) return false;
        return true;
    }

    private Span<ulong> BlockOf(UInt128 key) =>
        _words.AsSpan((int)Math.BigMul((ulong)(key >> 64), (ulong)(_words.Length / Words), out _) * Words, Words);
}
