namespace Signal.Tests.Scenarios;

/// <summary>Reads the length-delimited fields of a protobuf message; the others are walked over.</summary>
internal static class Protobuf
{
    internal static IEnumerable<byte[]> Path(byte[] message, params int[] path) =>
        path is [var first, .. var rest] ? Fields(message).Where(f => f.Number == first).SelectMany(f => Path(f.Bytes, rest)) : [message];

    internal static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return ((int)(tag >> 3), message[at..(at + length)]);
                    at += length;
                    break;
                default: throw new InvalidDataException($"Wire type {tag & 7}");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }
}
