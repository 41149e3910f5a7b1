namespace Signal.State.Sqlite;

/// <summary>What the state store says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class StateLog
{
    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "{Count} stored values were put under the current master key; the older keys are not needed any more")]
    internal static partial void Resealed(this ILogger log, int count);
}
