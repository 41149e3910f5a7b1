using System.IO.Hashing;
using System.Text;

namespace Signal.Log;

/// <summary>Where an event goes. Stable for ever: a visitor that changed partition would lose its order.</summary>
public static class Partitioning
{
    private const int OnStack = 1024;

    /// <summary>The partition of a visitor of a source.</summary>
    public static int Of(string sourceId, string anonymousId, int partitions) =>
        (int)(Hash(sourceId, anonymousId, static bytes => XxHash64.HashToUInt64(bytes)) % (ulong)partitions);

    /// <summary>The key under which a message id of a source is remembered.</summary>
    public static UInt128 MessageKey(string sourceId, string messageId) =>
        Hash(sourceId, messageId, static bytes => XxHash128.HashToUInt128(bytes));

    // Of source, line feed, id. Every event is hashed twice, so short ones take no memory.
    private static T Hash<T>(string sourceId, string id, Func<ReadOnlySpan<byte>, T> hash)
    {
        var most = Encoding.UTF8.GetMaxByteCount(sourceId.Length + 1 + id.Length);
        var bytes = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        var length = Encoding.UTF8.GetBytes(sourceId, bytes);
        bytes[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(id, bytes[length..]);
        return hash(bytes[..length]);
    }
}
