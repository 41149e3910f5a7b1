namespace Signal.Record;

/// <summary>What counting and retention say. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class RecordLog
{
    [LoggerMessage(EventId = 600, Level = LogLevel.Warning, Message = "Counts can't be written for now; they are kept in memory")]
    internal static partial void CountsWait(this ILogger log, Exception e);

    [LoggerMessage(EventId = 610, Level = LogLevel.Debug, Message = "Retention stops")]
    internal static partial void RetentionStops(this ILogger log);

    [LoggerMessage(EventId = 611, Level = LogLevel.Information, Message = "Let go of {Count} {What} that were kept long enough")]
    internal static partial void LetGo(this ILogger log, long count, string what);

    [LoggerMessage(EventId = 612, Level = LogLevel.Warning, Message = "Could not let go of old {What}; trying again in {Every}")]
    internal static partial void LettingGoFailed(this ILogger log, Exception e, string what, TimeSpan every);
}
