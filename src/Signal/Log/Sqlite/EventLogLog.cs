namespace Signal.Log.Sqlite;

/// <summary>What the event log says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class EventLogLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Error, Message = "Events can't be stored and are refused: {Reason}")]
    internal static partial void EventsRefused(this ILogger log, Exception e, string reason);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "Events are stored again")]
    internal static partial void EventsStoredAgain(this ILogger log);
}
