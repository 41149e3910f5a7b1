namespace Signal.Collect;

/// <summary>What collection says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class CollectLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "Collection answers 503: the visitors' consent cannot be read or kept")]
    internal static partial void ConsentUnavailable(this ILogger log, Exception e);
}
