namespace Signal.Manage;

/// <summary>What management says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class ManageLog
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Error, Message = "A management request failed: {Method} {Path} ({TraceId})")]
    internal static partial void RequestFailed(this ILogger log, Exception e, string method, string path, string traceId);

    [LoggerMessage(EventId = 701, Level = LogLevel.Error, Message = "A management request was answered 503, since the store can't be written or read: {Method} {Path}")]
    internal static partial void StoreUnavailable(this ILogger log, Exception e, string method, string path);
}
