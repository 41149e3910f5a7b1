using Signal.Configure;
using Signal.Events;

namespace Signal.Govern;

/// <summary>Decides about one event: validate, identify, bots, consent, in that order. Pure but for new ids.</summary>
internal static class Governance
{
    // The only destination with an opt-out of its own whose cookies can reach us.
    private const string OptOutVendor = "matomo";

    private static readonly IReadOnlyList<string> DefaultCategories = [ConsentCategories.Analytics];
    private static readonly IReadOnlyDictionary<string, bool> NothingSaid = new Dictionary<string, bool>();

    /// <summary>What becomes of an event.</summary>
    /// <param name="e">The event as read, with a message id.</param>
    /// <param name="routeType">The type the route says, or null.</param>
    /// <param name="anonymousId">From <see cref="Identity.AnonymousId"/>.</param>
    /// <param name="batchSentAt">The batch's own <c>sentAt</c>, unix milliseconds.</param>
    /// <param name="remembered">What the visitor said about consent before.</param>
    /// <param name="arrival">How it reached us.</param>
    internal static Ruling Decide(
        IncomingEvent e, EventType? routeType, string anonymousId, long? batchSentAt,
        IReadOnlyDictionary<string, bool> remembered, Arrival arrival)
    {
        var (type, why) = Validation.Check(e, routeType);
        if (why is not null) return new(why, NothingSaid, false);
        if (arrival.Signed && e.Ip is not null && VisitorAddress.Normalise(e.Ip) is null)
            return new(new Decision.Rejected(ErrorCodes.InvalidField, "context.ip must be one IPv4 or IPv6 address: send the visitor's address alone, or leave it out"), NothingSaid, false);

        var userAgent = arrival.Signed ? e.UserAgent : arrival.UserAgent;
        if (arrival.Source.FilterBots && BotList.Default.Find(userAgent) is { } bot)
            return new(new Decision.Dropped(Reasons.Bot, $"the user agent is a bot's: {bot}"), NothingSaid, true);

        var said = ConsentReader.Read(e.Consent, e.ConsentManagement, arrival.Source.Consent);
        var consent = ConsentState.Of(arrival.Source.Consent, said, remembered, arrival.GlobalPrivacyControl);
        var (drop, refused) = Refusal(arrival, consent);
        return drop is null
            ? new(new Decision.Accepted(Accept(e, type, anonymousId, batchSentAt, consent, arrival)), said.Categories, false)
            : new(drop, said.Categories, refused);
    }

    /// <summary>Why no integration may have an event of this visitor, and whether that is the visitor's wish; null when one may.</summary>
    internal static (Decision.Dropped? Drop, bool VisitorRefused) Refusal(Arrival arrival, ConsentState consent)
    {
        if (arrival.DoNotTrack && arrival.Source.Consent.Dnt == DntPolicy.Deny)
            return (new(Reasons.DoNotTrack, "DNT: 1, and the source's policy is deny"), true);
        if (arrival.Integrations.Count == 0)
            return (new(Reasons.NoIntegration, "the source has no enabled integration"), !consent.Allows(DefaultCategories));

        IReadOnlyList<string>? denied = null;
        var optedOut = false;
        foreach (var integration in arrival.Integrations)
        {
            if (!consent.Allows(integration.ConsentCategories)) denied ??= integration.ConsentCategories;
            else if (arrival.MatomoOptOut && integration.Vendor == OptOutVendor) optedOut = true;
            else return (null, false);
        }

        return optedOut
            ? (new(Reasons.MatomoOptOut, "a cookie of Matomo's opt-out came along"), true)
            : (consent.WhyNot(denied!), true);
    }

    private static Event Accept(
        IncomingEvent e, EventType type, string anonymousId, long? batchSentAt, ConsentState consent, Arrival arrival) =>
        new()
        {
            Id = Ids.New("evt", arrival.ReceivedAt),
            SourceId = arrival.Source.Id,
            Type = type,
            Name = type == EventType.Track ? e.Event : e.Name,
            MessageId = e.MessageId!,
            AnonymousId = anonymousId,
            UserId = e.UserId,
            GroupId = e.GroupId,
            Time = EventClock.TimeOf(e, batchSentAt, arrival.ReceivedAt),
            ReceivedAt = arrival.ReceivedAt,
            Request = FactsOf(e, arrival),
            Consent = consent.Categories,
            Body = default,
        };

    private static RequestFacts FactsOf(IncomingEvent e, Arrival arrival) => arrival.Signed
        ? new(e.Ip is null ? null : VisitorAddress.Normalise(e.Ip), e.UserAgent, null, false, false, true)
        : new(arrival.Ip, arrival.UserAgent, arrival.AcceptLanguage, arrival.DoNotTrack && arrival.Source.Consent.Dnt == DntPolicy.Forward, arrival.MatomoOptOut, false);
}
