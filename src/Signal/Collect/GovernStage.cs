using System.Buffers.Binary;
using Microsoft.Extensions.Primitives;
using Signal.Configure;
using Signal.Govern;
using Signal.Record;
using Signal.State;

namespace Signal.Collect;

/// <summary>Names the visitors, decides about every event, and remembers what visitors say about consent.</summary>
internal sealed class GovernStage(CollectOptions options, IConsentStore consents, IWithdrawals withdrawals, IDailySalts salts)
{
    private static readonly IReadOnlyDictionary<string, bool> Nothing = new Dictionary<string, bool>();

    internal async ValueTask<Refusal?> DecideAsync(CollectCall call)
    {
        var arrival = ArrivalOf(call);
        var ofRequest = await VisitorOfAsync(call.Http, arrival);
        var fallback = Identity.NewVisitor();
        var (known, remembered) = (fallback, Nothing);
        call.Outcomes = new Outcome[call.Events.Count];
        for (var i = 0; i < call.Events.Count; i++)
        {
            var e = call.Events[i];
            e.MessageId ??= NewMessageId(call.Signature, i);
            var visitor = Identity.AnonymousId(e, arrival.Source.Id, arrival.Signed, ofRequest, fallback);
            if (visitor != known) (known, remembered) = (visitor, await consents.GetAsync(arrival.Source.Id, visitor, call.Http.RequestAborted));
            var ruling = Governance.Decide(e, call.Route.Type, visitor, call.BatchSentAt, remembered, arrival);
            if (IsNews(ruling.Said, remembered)) remembered = await RememberAsync(arrival, visitor, ruling.Said, remembered);
            call.Outcomes[i] = new Outcome(ruling.Decision, visitor);
            if (ruling.Decision is not Decision.Rejected) call.Visitor = ruling.VisitorRefused || arrival.Signed ? null : visitor;
        }

        return null;
    }

    /// <summary>Whether a visitor has refused, by what is remembered and what the browser sends.</summary>
    internal async ValueTask<bool> HasRefusedAsync(CollectCall call, string visitor)
    {
        var arrival = ArrivalOf(call);
        var remembered = await consents.GetAsync(arrival.Source.Id, visitor, call.Http.RequestAborted);
        var state = ConsentState.Of(arrival.Source.Consent, ConsentStatement.Silent, remembered, arrival.GlobalPrivacyControl);
        return Governance.Refusal(arrival, state).VisitorRefused;
    }

    /// <summary>The visitor as the request itself tells: by the cookie, or by where it comes from on this day. Null when it tells nothing.</summary>
    private async ValueTask<string?> VisitorOfAsync(HttpContext http, Arrival arrival)
    {
        if (arrival.Signed) return null;
        if (!IsForADay(arrival)) return VisitorCookie.Read(http.Request, arrival.Source.Cookie);
        var salt = await salts.OfAsync(DateOnly.FromDateTime(arrival.ReceivedAt.UtcDateTime), http.RequestAborted);
        return Identity.OfDay(salt, arrival.Source.Id, arrival.Ip, arrival.UserAgent);
    }

    private static bool IsForADay(Arrival arrival) => !arrival.Signed && arrival.Source.Cookie is { Enabled: false, Cookieless: CookielessVisitor.Daily };

    /// <summary>From when on nobody has the visitor's id any more: midnight (UTC) for a visitor of the day.</summary>
    private static DateTimeOffset? EndOf(Arrival arrival) =>
        IsForADay(arrival) ? new DateTimeOffset(arrival.ReceivedAt.UtcDateTime.Date.AddDays(1), TimeSpan.Zero) : null;

    /// <summary>How the call reached us.</summary>
    private Arrival ArrivalOf(CollectCall call)
    {
        var source = call.Source!;
        var integrations = SnapshotView.Of(call.Configuration).IntegrationsOf(source);
        if (call.Signature is not null) return new Arrival { Source = source, Integrations = integrations, ReceivedAt = call.ReceivedAt, Signed = true };

        var headers = call.Http.Request.Headers;
        return new Arrival
        {
            Source = source,
            Integrations = integrations,
            ReceivedAt = call.ReceivedAt,
            Ip = ClientAddress.Of(call.Http, options.TrustedProxies),
            UserAgent = Text(headers.UserAgent),
            AcceptLanguage = Text(headers.AcceptLanguage),
            DoNotTrack = headers["DNT"] == "1",
            GlobalPrivacyControl = headers["Sec-GPC"] == "1",
            MatomoOptOut = VisitorCookie.HasMatomoOptOut(call.Http.Request),
        };
    }

    private async ValueTask<IReadOnlyDictionary<string, bool>> RememberAsync(
        Arrival arrival, string visitor, IReadOnlyDictionary<string, bool> said, IReadOnlyDictionary<string, bool> remembered)
    {
        // Not given up when the browser hangs up: a refusal has to be kept.
        var refused = await consents.SetAsync(arrival.Source.Id, visitor, said, arrival.ReceivedAt, EndOf(arrival), CancellationToken.None);
        if (refused.Count > 0) await withdrawals.WithdrawnAsync(arrival.Source.Id, visitor, refused, CancellationToken.None);
        var merged = new Dictionary<string, bool>(remembered);
        foreach (var (category, granted) in said) merged[category] = granted;
        return merged;
    }

    private static bool IsNews(IReadOnlyDictionary<string, bool> said, IReadOnlyDictionary<string, bool> remembered)
    {
        foreach (var (category, granted) in said)
            if (!remembered.TryGetValue(category, out var before) || before != granted) return true;
        return false;
    }

    /// <summary>
    /// A new id. A signed call's follows from its signature, so that bytes sent again after a restart, when nobody remembers the signature,
    /// are known as duplicates.
    /// </summary>
    private static string NewMessageId(Signature? signature, int index)
    {
        if (signature is null) return Guid.NewGuid().ToString("D");
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, signature.Key ^ (uint)index);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    private static string? Text(StringValues header) => StringValues.IsNullOrEmpty(header) ? null : header.ToString();
}
