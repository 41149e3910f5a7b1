using System.IO.Hashing;
using System.Text;

namespace Signal.Log;

/// <summary>Where an event goes. Stable for ever: a visitor that changed partition would lose its order.</summary>
public static class Partitioning
{
    /// <summary>The partition of a visitor of a source.</summary>
    public static int Of(string sourceId, string anonymousId, int partitions) =>
        (int)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{sourceId}\n{anonymousId}")) % (ulong)partitions);

    /// <summary>The key under which a message id of a source is remembered.</summary>
    public static UInt128 MessageKey(string sourceId, string messageId) =>
        XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{sourceId}\n{messageId}"));
}
