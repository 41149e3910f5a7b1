using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>One request on its way along the path; each stage adds what it found.</summary>
internal sealed class CollectCall(HttpContext http, CollectRoute route, ConfigurationSnapshot configuration, DateTimeOffset receivedAt) : IDisposable
{
    private static readonly IReadOnlyList<IncomingEvent> NoEvents = [];

    public HttpContext Http { get; } = http;

    public CollectRoute Route { get; } = route;

    public ConfigurationSnapshot Configuration { get; } = configuration;

    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    /// <summary>Whose events these are; null until authenticated.</summary>
    public Source? Source { get; set; }

    /// <summary>The signature that was checked; null for calls by pipeline key.</summary>
    public Signature? Signature { get; set; }

    /// <summary>The body: as it was sent, then decompressed.</summary>
    public RequestBody Body { get; } = new();

    /// <summary>The events, in the order they were sent.</summary>
    public IReadOnlyList<IncomingEvent> Events { get; set; } = NoEvents;

    /// <summary>A key that stood in the body.</summary>
    public string? BodyKey { get; set; }

    /// <summary>The batch's <c>sentAt</c>, unix milliseconds.</summary>
    public long? BatchSentAt { get; set; }

    /// <summary><c>{"forget":true}</c> of a reset.</summary>
    public bool Forget { get; set; }

    /// <summary>The <c>anonymousId</c> of a reset: who the visitor is from now on; null when the caller leaves that to us.</summary>
    public string? NextVisitor { get; set; }

    /// <summary>What was decided about each event.</summary>
    public Outcome[] Outcomes { get; set; } = [];

    /// <summary>The visitor to set the cookie for; null to set none.</summary>
    public string? Visitor { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();
}

/// <summary>What was decided about an event.</summary>
/// <param name="Decision">By the rules.</param>
/// <param name="AnonymousId">The visitor.</param>
/// <param name="Duplicate">The log knew it already.</param>
internal readonly record struct Outcome(Decision Decision, string AnonymousId, bool Duplicate = false);
