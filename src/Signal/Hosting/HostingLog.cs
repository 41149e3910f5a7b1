namespace Signal.Hosting;

/// <summary>What the process says of itself. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "{Purpose} listens on {Addresses}")]
    internal static partial void Listening(this ILogger log, string purpose, string addresses);
}
