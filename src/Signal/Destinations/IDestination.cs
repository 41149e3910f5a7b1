using System.Text.Json.Serialization;
using Signal.Configure;
using Signal.Events;

namespace Signal.Destinations;

/// <summary>
/// The code for one vendor. Everything here is pure: no clock, no I/O, no DI. The engine does all I/O once, for every vendor.
/// A second vendor is one folder, one line in <see cref="Catalog"/>, its golden cases and a docs page.
/// </summary>
public interface IDestination
{
    /// <summary>Settings, secrets, presets, vocabulary: the form, the API's validation and the masking derive from it.</summary>
    Manifest Manifest { get; }

    /// <summary>Every error of an integration's config, secrets, preset and mappings at once; empty when it can be used. Also normalises (a trailing slash, a number given as text).</summary>
    CheckedIntegration Check(Integration integration);

    /// <summary>The integration compiled for use, once per revision. Call only with what <see cref="Check"/> found free of errors.</summary>
    IEncoder Compile(Integration integration);

    /// <summary>The examination of an integration for the doctor; null when there is nothing to examine. Call only with what <see cref="Check"/> found free of errors.</summary>
    /// <param name="integration">The integration.</param>
    /// <param name="nonce">Makes the visitor that its questions name one nobody has.</param>
    IExamination? Examine(Integration integration, string nonce) => null;

    /// <summary>What the destination's own privacy tools are asked about a person; null when it has none. Call only with what <see cref="Check"/> found free of errors.</summary>
    /// <param name="integration">The integration.</param>
    /// <param name="subject">The person.</param>
    /// <param name="purpose">What is wanted.</param>
    IHandOn? HandOn(Integration integration, Subject subject, HandOnPurpose purpose) => null;
}

/// <summary>An integration, normalised, with what is wrong with it.</summary>
/// <param name="Integration">Normalised; use it in place of the one given.</param>
/// <param name="Errors">Empty when it can be used.</param>
/// <param name="Warnings">What will not do what its author may think, for people.</param>
public sealed record CheckedIntegration(Integration Integration, IReadOnlyList<FieldError> Errors, IReadOnlyList<string> Warnings);

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Field">Its path in the request body: <c>config.matomo_url</c>, <c>mappings[2].target</c>.</param>
/// <param name="Rule">A code: <c>required, format, range, unknown, …</c></param>
/// <param name="Message">What is wrong and what to do, for people.</param>
public sealed record FieldError(string Field, string Rule, string Message)
{
    /// <summary>False for a slip that delivery copes with (the value is left out with a warning): it is refused when it is saved, and stops nothing that is stored already.</summary>
    [JsonIgnore]
    public bool StopsDelivery { get; init; } = true;
}

/// <summary>One revision of an integration, compiled. Pure and safe for use by many threads.</summary>
public interface IEncoder
{
    /// <summary>
    /// Turns events into hits. <paramref name="batch"/> is a run of one partition in log order, already admitted (consent, duplicates);
    /// <paramref name="visitors"/> holds the stored state of its visitors by anonymous id, as text made by an earlier call.
    /// Looking ahead within the batch is allowed: a product view may travel with its page view.
    /// The same input always gives the same output.
    /// </summary>
    /// <returns>One for each event, in the same order.</returns>
    IReadOnlyList<EncodedEvent> Encode(IReadOnlyList<Event> batch, IReadOnlyDictionary<string, string> visitors);

    /// <summary>Packs hits into one request; more than one only as <see cref="RequestForm.Bulk"/>.</summary>
    /// <param name="hits">At least one. Hits with <see cref="Hit.DoNotTrack"/> travel only with their like.</param>
    /// <param name="form">Single or bulk.</param>
    /// <param name="destinationNow">The destination's clock, as its answers show it: no hit is stamped later.</param>
    DestinationRequest Pack(IReadOnlyList<Hit> hits, RequestForm form, DateTimeOffset destinationNow);

    /// <summary>What an answer means for the hits that were sent.</summary>
    Verdict Classify(IReadOnlyList<Hit> hits, RequestForm form, DestinationResponse response);

    /// <summary>
    /// The encoder to go on with: an answer may show how the destination wants to be addressed (a queue to be gone around).
    /// The same one when there is nothing to learn. What was learnt lasts until the next start or change of the integration.
    /// </summary>
    IEncoder Learn(DestinationResponse response) => this;

    /// <summary>A request without side effects that tells whether the destination accepts this configuration.</summary>
    /// <param name="nonce">Makes the visitor it names one nobody has.</param>
    /// <param name="form">That of the backlog; bulk where a single's answer said nothing.</param>
    DestinationRequest Probe(string nonce, RequestForm form);

    /// <summary>What the answer to <see cref="Probe"/> means: <see cref="Verdict.Settled"/> (all is well), <see cref="Verdict.Retry"/>, <see cref="Verdict.Stop"/>, or to a single <see cref="Verdict.AskInBulk"/>.</summary>
    Verdict ClassifyProbe(RequestForm form, DestinationResponse response);

    /// <summary>Whether one request can ask for this configuration and another one (<see cref="ProbeTogether"/>).</summary>
    bool CanBeProbedWith(IEncoder other) => false;

    /// <summary>
    /// One request without side effects that asks for several configurations, of which a server that counts refused credentials counts one at
    /// most. Only with others that <see cref="CanBeProbedWith"/> allows.
    /// </summary>
    /// <param name="all">This one among them, <see cref="RequestLimits.MostTogether"/> at most.</param>
    /// <param name="nonce">Makes the visitor it names one nobody has.</param>
    DestinationRequest ProbeTogether(IReadOnlyList<IEncoder> all, string nonce) => throw new NotSupportedException("This destination asks for each by itself.");

    /// <summary>Which of so many are accepted, in the order they were asked for; null when the answer does not say.</summary>
    IReadOnlyList<bool>? ClassifyTogether(int asked, DestinationResponse response) => null;

    /// <summary>Which form live traffic and a backlog take, and how large a bulk may be.</summary>
    RequestLimits Limits { get; }

    /// <summary>Who answers, as it counts credentials it refuses: integrations with the same server share what they may be refused.</summary>
    string Server { get; }

    /// <summary>Whether another integration shows the same server the same credentials: what is refused to one is likely refused to the other.</summary>
    bool SharesCredentials(IEncoder other);
}

/// <summary>What one event becomes.</summary>
public sealed record EncodedEvent
{
    /// <summary>The event.</summary>
    public required Event Event { get; init; }

    /// <summary>Its hits, in order; empty when it makes none, was dropped, or travels with another.</summary>
    public IReadOnlyList<Hit> Hits { get; init; } = [];

    /// <summary>Why it makes no hit (<see cref="Reasons"/>); null when it makes some or travels with another.</summary>
    public string? DropReason { get; init; }

    /// <summary>The index within the batch of the earlier event whose first hit carries this one, or null.</summary>
    public int? TravelsWith { get; init; }

    /// <summary>The visitor's state after this event; null when it did not change.</summary>
    public string? VisitorState { get; init; }

    /// <summary>The user id known after this event, for the privacy desk.</summary>
    public string? UserId { get; init; }

    /// <summary>What was changed to make it acceptable, for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Field to where it came from: <c>preset: page</c>, <c>mapping 3</c>, <c>config</c>, <c>identity</c>. For the preview.</summary>
    public IReadOnlyDictionary<string, string> Rules { get; init; } = new Dictionary<string, string>();
}

/// <summary>One tracking request's worth of fields, without credentials.</summary>
public sealed record Hit
{
    /// <summary>The destination's fields in a stable order. Never empty values, never secrets.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>Who the destination will take the visitor to be: two requests in flight at once must not share one.</summary>
    public required string VisitorKey { get; init; }

    /// <summary>When it happened; stamped by <see cref="IEncoder.Pack"/>.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The order's key in the ledger, as the destination would compare it; null when it is no order.</summary>
    public string? OrderKey { get; init; }

    /// <summary>The destination may refuse this one for itself (an order, a goal): it must not share a bulk whose answer could not say which was refused.</summary>
    public bool MayBeRefused { get; init; }

    /// <summary>
    /// The destination may have it: an earlier attempt has an unknown outcome, or it is younger than <see cref="RequestLimits.Remembers"/> and
    /// somebody else may have sent it. Set by the engine for each attempt. A refusal of such an order means that it is there.
    /// </summary>
    public bool MayBeThere { get; init; }

    /// <summary>Must travel in a request that itself carries <c>DNT: 1</c>.</summary>
    public bool DoNotTrack { get; init; }
}

/// <summary>How hits are sent.</summary>
public enum RequestForm
{
    /// <summary>One hit, form-encoded.</summary>
    Single,

    /// <summary>Many hits in one JSON body.</summary>
    Bulk,
}

/// <summary>Which forms an integration uses.</summary>
/// <param name="Live">For live traffic.</param>
/// <param name="Backlog">For a backlog.</param>
/// <param name="MaxBulk">Hits in one bulk at most.</param>
/// <param name="MaxParallel">Requests in flight at once at most.</param>
/// <param name="RatePerSecond">Hits a second at most; null for no limit.</param>
/// <param name="MaxAge">Older events are terminal (<see cref="Reasons.TooOld"/>); null for no limit.</param>
public sealed record RequestLimits(RequestForm Live, RequestForm Backlog, int MaxBulk, int MaxParallel, double? RatePerSecond, TimeSpan? MaxAge)
{
    /// <summary>Configurations that one request can ask for.</summary>
    public const int MostTogether = 8;

    /// <summary>For how long the destination surely knows the orders it has. One that is older and refused may be there already, or too old for it.</summary>
    public TimeSpan Remembers { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>A request ready to send.</summary>
/// <param name="Method"><c>POST</c>.</param>
/// <param name="Url">Never holds a secret.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">With credentials; never logged or stored.</param>
/// <param name="Headers">Further headers.</param>
/// <param name="Shown">The body for people: credentials masked as <c>***</c>, one line a hit, form-encoded.</param>
public sealed record DestinationRequest(
    string Method,
    Uri Url,
    string ContentType,
    byte[] Body,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<string> Shown)
{
    /// <summary>Bytes of the answer that are read at most.</summary>
    public int MaxAnswer { get; init; } = 64 * 1024;
}

/// <summary>An answer, or the lack of one.</summary>
/// <param name="Failure">Why there is no answer; null when there is one.</param>
/// <param name="Status">The HTTP status; 0 without an answer.</param>
/// <param name="ContentType">Its media type, or null.</param>
/// <param name="Body">Its body, at most <see cref="DestinationRequest.MaxAnswer"/> of it, read as UTF-8.</param>
/// <param name="RetryAfter">The <c>Retry-After</c> header as a span, or null.</param>
/// <param name="Date">The <c>Date</c> header, or null.</param>
/// <param name="ContentEncoding">The <c>Content-Encoding</c> header, or null; the body is never decoded.</param>
/// <param name="TrackingStatus">The <c>Tk</c> header, or null: <c>N</c> says that a wish not to be tracked is honoured.</param>
public sealed record DestinationResponse(
    TransportFailure? Failure, int Status, string? ContentType, string Body, TimeSpan? RetryAfter, DateTimeOffset? Date, string? ContentEncoding = null, string? TrackingStatus = null)
{
    /// <summary>No answer came.</summary>
    public static DestinationResponse None(TransportFailure failure, string message) => new(failure, 0, null, message, null, null);
}

/// <summary>Why there is no answer.</summary>
public enum TransportFailure
{
    /// <summary>No connection: nothing was sent, nothing was recorded.</summary>
    Unreachable,

    /// <summary>TLS failed: nothing was sent.</summary>
    Tls,

    /// <summary>The request was sent and no answer came (time-out, reset): the outcome is unknown.</summary>
    NoAnswer,
}
