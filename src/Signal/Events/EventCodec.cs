using System.Buffers;
using System.Text.Json;

namespace Signal.Events;

/// <summary>
/// The stored form of an <see cref="Event"/>: one UTF-8 JSON object, <c>v</c> first. Every version ever written stays readable.
/// Times are unix milliseconds.
/// </summary>
public static class EventCodec
{
    private const int Version = 1;

    /// <summary>Writes the stored form. <paramref name="rawBody"/> is the sender's event object as bytes; it must be valid JSON.</summary>
    public static void Write(IBufferWriter<byte> output, Event e, ReadOnlySpan<byte> rawBody)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteNumber("v"u8, Version);
        json.WriteString("id"u8, e.Id);
        json.WriteString("source"u8, e.SourceId);
        json.WriteNumber("type"u8, (int)e.Type);
        WriteOptional(json, "name"u8, e.Name);
        json.WriteString("mid"u8, e.MessageId);
        json.WriteString("aid"u8, e.AnonymousId);
        WriteOptional(json, "uid"u8, e.UserId);
        WriteOptional(json, "gid"u8, e.GroupId);
        json.WriteNumber("time"u8, e.Time.ToUnixTimeMilliseconds());
        json.WriteNumber("at"u8, e.ReceivedAt.ToUnixTimeMilliseconds());
        WriteOptional(json, "ip"u8, e.Request.Ip);
        WriteOptional(json, "ua"u8, e.Request.UserAgent);
        WriteOptional(json, "lang"u8, e.Request.AcceptLanguage);
        if (e.Request.DoNotTrack) json.WriteBoolean("dnt"u8, true);
        if (e.Request.MatomoOptOut) json.WriteBoolean("optout"u8, true);
        if (e.Request.Server) json.WriteBoolean("server"u8, true);
        if (e.Consent.Count > 0)
        {
            json.WriteStartObject("consent"u8);
            foreach (var (category, granted) in e.Consent) json.WriteBoolean(category, granted);
            json.WriteEndObject();
        }

        json.WritePropertyName("body"u8);
        json.WriteRawValue(rawBody, skipInputValidation: true);
        json.WriteEndObject();
    }

    /// <summary>The stored form of an event whose body is already parsed.</summary>
    public static byte[] Write(Event e)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, e, JsonSerializer.SerializeToUtf8Bytes(e.Body));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stored event. Throws <see cref="JsonException"/> on bytes that this program never wrote.</summary>
    public static Event Read(ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        var root = document.RootElement;
        return new Event
        {
            Id = root.GetProperty("id"u8).GetString()!,
            SourceId = root.GetProperty("source"u8).GetString()!,
            Type = (EventType)root.GetProperty("type"u8).GetInt32(),
            Name = Text(root, "name"u8),
            MessageId = root.GetProperty("mid"u8).GetString()!,
            AnonymousId = root.GetProperty("aid"u8).GetString()!,
            UserId = Text(root, "uid"u8),
            GroupId = Text(root, "gid"u8),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("time"u8).GetInt64()),
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("at"u8).GetInt64()),
            Request = new RequestFacts(
                Text(root, "ip"u8),
                Text(root, "ua"u8),
                Text(root, "lang"u8),
                root.TryGetProperty("dnt"u8, out _),
                root.TryGetProperty("optout"u8, out _),
                root.TryGetProperty("server"u8, out _)),
            Consent = root.TryGetProperty("consent"u8, out var consent)
                ? consent.EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetBoolean())
                : new Dictionary<string, bool>(),
            Body = root.GetProperty("body"u8).Clone(),
        };
    }

    /// <summary>Reads a stored event; null on bytes that this program never wrote.</summary>
    public static Event? TryRead(ReadOnlyMemory<byte> stored)
    {
        try
        {
            return Read(stored);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static string? Text(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
