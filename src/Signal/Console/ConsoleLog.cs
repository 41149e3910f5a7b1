namespace Signal.Console;

/// <summary>What the console says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(EventId = 800, Level = LogLevel.Error, Message = "The console could not read the recent events of {Integration}")]
    internal static partial void RecentEventsNotRead(this ILogger log, Exception e, string integration);

    [LoggerMessage(EventId = 801, Level = LogLevel.Error, Message = "The console could not read {Key}")]
    internal static partial void PageNotRead(this ILogger log, Exception e, string key);

    [LoggerMessage(EventId = 810, Level = LogLevel.Warning, Message = "Single sign-on: the provider can't be reached: {Problem}")]
    internal static partial void SignOnUnreachable(this ILogger log, string problem);

    [LoggerMessage(EventId = 811, Level = LogLevel.Warning, Message = "Single sign-on: the provider's answer can't be used: {Problem}")]
    internal static partial void SignOnFailed(this ILogger log, string? problem);
}
