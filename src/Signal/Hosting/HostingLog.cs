namespace Signal.Hosting;

/// <summary>What the process says of itself. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "{Purpose} listens on {Addresses}")]
    internal static partial void Listening(this ILogger log, string purpose, string addresses);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "{Key} is not a setting of Signal and changes nothing; README.md lists the settings")]
    internal static partial void UnknownSetting(this ILogger log, string key);

    [LoggerMessage(EventId = 111, Level = LogLevel.Warning, Message = "{Count} notes for the audit log, left while Signal was stopped, could not be read and are dropped")]
    internal static partial void AuditNotesUnreadable(this ILogger log, int count);

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "The configuration is what {Path} says")]
    internal static partial void ConfigurationInForce(this ILogger log, string path);

    [LoggerMessage(EventId = 121, Level = LogLevel.Information, Message = "Applied {Path}: made {Made}, changed {Changed}, removed {Removed}")]
    internal static partial void ConfigurationApplied(this ILogger log, string path, string made, string changed, string removed);
}
