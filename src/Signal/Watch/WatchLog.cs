namespace Signal.Watch;

/// <summary>What watching says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(EventId = 900, Level = LogLevel.Warning, Message = "Alert {Alert} opened, {Kind} of {Subject}: {Title}")]
    internal static partial void AlertOpened(this ILogger log, string alert, string kind, string subject, string title);

    [LoggerMessage(EventId = 901, Level = LogLevel.Information, Message = "Alert {Alert} is over, {Kind} of {Subject}")]
    internal static partial void AlertResolved(this ILogger log, string alert, string kind, string subject);

    [LoggerMessage(EventId = 910, Level = LogLevel.Information, Message = "Message {Id} ({Type}) was taken by channel {Channel}")]
    internal static partial void MessageSent(this ILogger log, string id, string type, string channel);

    [LoggerMessage(EventId = 911, Level = LogLevel.Warning, Message = "Message {Id} was not taken by channel {Channel} and is tried again at {Next}: {Error}")]
    internal static partial void MessageFailed(this ILogger log, string id, string channel, string error, DateTimeOffset next);

    [LoggerMessage(EventId = 912, Level = LogLevel.Error, Message = "Message {Id} to channel {Channel} is given up after {Attempts} tries: {Error}")]
    internal static partial void MessageGivenUp(this ILogger log, string id, string channel, int attempts, string error);

    [LoggerMessage(EventId = 920, Level = LogLevel.Warning, Message = "Could not look for alerts; trying again in {Every}")]
    internal static partial void WatchFailed(this ILogger log, Exception e, TimeSpan every);

    [LoggerMessage(EventId = 921, Level = LogLevel.Debug, Message = "Watching stops")]
    internal static partial void WatchStops(this ILogger log);
}
