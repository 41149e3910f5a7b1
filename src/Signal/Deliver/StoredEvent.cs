using System.Text.Json;
using Signal.Events;

namespace Signal.Deliver;

/// <summary>Reads what the log holds without letting one bad record stop a lane.</summary>
internal static class StoredEvent
{
    /// <summary>The event, or what is wrong with the bytes.</summary>
    public static (Event? Event, string? Problem) Decode(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return (EventCodec.Read(payload), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            return (null, $"The stored bytes are no event this version of Signal can read: {e.Message}");
        }
    }
}
