using System.Globalization;
using System.Text.Json;

namespace Signal.Govern;

/// <summary>When an event happened, and how times are written.</summary>
internal static class EventClock
{
    /// <summary>What a time must look like, for messages.</summary>
    internal const string Rule = "must be an ISO 8601 time such as \"2026-01-31T12:00:00Z\" or unix milliseconds";

    // Below this a number of milliseconds would lie before March 1973, so it is meant as seconds.
    private const long SmallestMilliseconds = 100_000_000_000;

    // 9999-12-31; beyond it a time cannot be represented.
    private const long LargestMilliseconds = 253_402_300_799_999;

    private static readonly string[] FurtherFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd HH:mm:ss 'UTC'", "R",
    ];

    /// <summary>
    /// The event's own time: <c>receivedAt − (sentAt − originalTimestamp)</c> when both are given, which cancels a wrong clock of the sender;
    /// else <c>timestamp</c>; never later than <paramref name="receivedAt"/>.
    /// </summary>
    internal static DateTimeOffset TimeOf(IncomingEvent e, long? batchSentAt, DateTimeOffset receivedAt)
    {
        var received = receivedAt.ToUnixTimeMilliseconds();
        var time = (e.SentAt ?? batchSentAt, e.OriginalTimestamp) is ({ } sent, { } original)
            ? received - (sent - original)
            : e.Timestamp ?? e.OriginalTimestamp ?? received;
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(time, 0, received));
    }

    /// <summary>Reads a time the reader stands on, in unix milliseconds. A time without a zone is UTC; small numbers are seconds.</summary>
    internal static bool TryRead(ref Utf8JsonReader json, out long milliseconds)
    {
        milliseconds = 0;
        if (json.TokenType == JsonTokenType.Number)
            return json.TryGetDouble(out var number) && TryNumber(number, out milliseconds);
        if (json.TokenType != JsonTokenType.String) return false;
        if (!json.TryGetDateTime(out var time)) return TryParse(json.GetString()!, out milliseconds);
        milliseconds = Milliseconds(time);
        return milliseconds >= 0;
    }

    /// <summary>Reads a time from text: ISO 8601, the date of HTTP, or digits of unix milliseconds.</summary>
    internal static bool TryParse(string text, out long milliseconds)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return TryNumber(number, out milliseconds);
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        var read = DateTime.TryParseExact(text, FurtherFormats, CultureInfo.InvariantCulture, styles, out var time);
        milliseconds = read ? Milliseconds(time) : 0;
        return read && milliseconds >= 0;
    }

    private static bool TryNumber(double number, out long milliseconds)
    {
        milliseconds = 0;
        if (!(number >= 0 && number <= LargestMilliseconds)) return false;
        milliseconds = (long)(number < SmallestMilliseconds ? number * 1000 : number);
        return true;
    }

    private static long Milliseconds(DateTime time)
    {
        var utc = time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
        return new DateTimeOffset(utc).ToUnixTimeMilliseconds();
    }
}
