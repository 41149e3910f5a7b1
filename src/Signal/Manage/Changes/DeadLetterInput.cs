using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Signal.Record;

namespace Signal.Manage.Changes;

/// <summary>Which dead letters to act on.</summary>
internal sealed record DeadLetterInput
{
    /// <summary>These dead letters.</summary>
    [MaxLength(500, ErrorMessage = "{0} must hold at most {1} ids; use all with filters for more.")]
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>All dead letters of the integration.</summary>
    public bool All { get; init; }

    /// <summary>Of these, only those with this reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Of these, only those of events with this name. The edited event is <see cref="Event"/>.</summary>
    public string? EventName { get; init; }

    /// <summary>Of these, only those of this visitor, by anonymous id.</summary>
    public string? Visitor { get; init; }

    /// <summary>Of these, only those given up at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of these, only those given up before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>An edited event to send in place of the stored one; goes with exactly one id. Replay only.</summary>
    public JsonElement? Event { get; init; }

    /// <summary>What to look for.</summary>
    internal DeadLetterSelection Selection => new(Ids, Reason, Event) { Event = EventName, Visitor = Visitor, From = From, To = To };
}
