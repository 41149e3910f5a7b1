namespace Signal.Configure;

/// <summary>What following the configuration says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class ConfigureLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "The configuration could not be read again; version {Version} stays in force")]
    internal static partial void ConfigurationNotRead(this ILogger log, Exception e, long version);
}
