namespace Signal.Manage;

/// <summary>What management says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class ManageLog
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Error, Message = "A management request failed: {Method} {Path} ({TraceId})")]
    internal static partial void RequestFailed(this ILogger log, Exception e, string method, string path, string traceId);
}
