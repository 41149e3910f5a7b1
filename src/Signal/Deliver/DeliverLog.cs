namespace Signal.Deliver;

/// <summary>What delivery says. Numbers and names are stable; docs/operate/log-events.md explains each.</summary>
internal static partial class DeliverLog
{
    [LoggerMessage(EventId = 500, Level = LogLevel.Information, Message = "Integration {Integration} ({Name}) delivers by {Lanes} lanes")]
    internal static partial void DeliveryStarted(this ILogger log, string integration, string name, int lanes);

    [LoggerMessage(EventId = 501, Level = LogLevel.Information, Message = "Integration {Integration} delivers no more: it was disabled or deleted")]
    internal static partial void DeliveryEnded(this ILogger log, string integration);

    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "Integration {Integration} is at revision {Revision} now")]
    internal static partial void RevisionInForce(this ILogger log, string integration, int revision);

    [LoggerMessage(EventId = 503, Level = LogLevel.Error, Message = "Following the configuration failed; trying again")]
    internal static partial void FollowingFailed(this ILogger log, Exception e);

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "Integration {Integration} will try {Hits} requests of lane {Lane} again: {Reason}, {Message}")]
    internal static partial void DeliveryRetries(this ILogger log, string integration, int hits, LanePlace lane, string reason, string message);

    [LoggerMessage(EventId = 511, Level = LogLevel.Error, Message = "Integration {Integration} is stopped until its configuration is corrected; every event is kept: {Reason}, {Message}")]
    internal static partial void DeliveryStopped(this ILogger log, string integration, string reason, string message);

    [LoggerMessage(EventId = 512, Level = LogLevel.Warning, Message = "Event {Event} makes integration {Integration} fail by itself and is given up: {Message}")]
    internal static partial void EventGivenUp(this ILogger log, string @event, string integration, string message);

    [LoggerMessage(EventId = 513, Level = LogLevel.Error, Message = "The code of {Vendor} failed on a request of integration {Integration}")]
    internal static partial void DestinationCodeFailed(this ILogger log, Exception e, string vendor, string integration);

    [LoggerMessage(EventId = 514, Level = LogLevel.Information, Message = "Integration {Integration} refuses requests of {Hits} events for their size; smaller ones follow: {Message}")]
    internal static partial void RequestTooLarge(this ILogger log, string integration, int hits, string message);

    [LoggerMessage(EventId = 515, Level = LogLevel.Warning, Message = "Integration {Integration} waits until {Until}: {Message}")]
    internal static partial void RefusalsExhausted(this ILogger log, string integration, DateTimeOffset until, string message);

    [LoggerMessage(EventId = 516, Level = LogLevel.Information, Message = "{Server} refused credentials; of {Asked} other integrations with it, asked for in one request, {Good} are good and go on")]
    internal static partial void CredentialsAskedTogether(this ILogger log, string server, int asked, int good);

    [LoggerMessage(EventId = 520, Level = LogLevel.Error, Message = "Lane {Lane} failed and starts again from what is stored")]
    internal static partial void LaneFailed(this ILogger log, Exception e, LanePlace lane);

    [LoggerMessage(EventId = 521, Level = LogLevel.Warning, Message = "Lane {Lane} was moved by another process; reading its place again")]
    internal static partial void LaneMoved(this ILogger log, LanePlace lane);

    [LoggerMessage(EventId = 522, Level = LogLevel.Warning, Message = "Lane {Lane} could not store where it stopped; it will pass those records again")]
    internal static partial void LanePlaceNotStored(this ILogger log, Exception e, LanePlace lane);

    [LoggerMessage(EventId = 523, Level = LogLevel.Debug, Message = "Lane {Lane} stops while pausing")]
    internal static partial void LaneStopsPausing(this ILogger log, LanePlace lane);

    [LoggerMessage(EventId = 524, Level = LogLevel.Error, Message = "Lane {Lane} can't store what an answer changed and sends nothing until it can; trying again in {Pause}")]
    internal static partial void SettlementWaits(this ILogger log, Exception e, LanePlace lane, TimeSpan pause);

    [LoggerMessage(EventId = 525, Level = LogLevel.Warning, Message = "Lane {Lane} can't note or read what is under way and sends all the same")]
    internal static partial void UnderWayNotNoted(this ILogger log, Exception e, LanePlace lane);

    [LoggerMessage(EventId = 530, Level = LogLevel.Debug, Message = "Could not measure what waits")]
    internal static partial void BacklogNotMeasured(this ILogger log, Exception e);

    [LoggerMessage(EventId = 540, Level = LogLevel.Warning, Message = "Could not look for replays; trying again")]
    internal static partial void ReplaysNotRead(this ILogger log, Exception e);

    [LoggerMessage(EventId = 541, Level = LogLevel.Information, Message = "Replay {Replay} goes on after the restart")]
    internal static partial void ReplayInterrupted(this ILogger log, string replay);

    [LoggerMessage(EventId = 542, Level = LogLevel.Error, Message = "Replay {Replay} met trouble and goes on from where it was")]
    internal static partial void ReplayTroubled(this ILogger log, Exception e, string replay);
}
