using Signal.Destinations;
using Signal.Events;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Why an event is in a plan.</summary>
internal enum Part
{
    /// <summary>To be sent.</summary>
    Send,

    /// <summary>Settled before, with an earlier event; encoded only for the visitor's state.</summary>
    Ahead,

    /// <summary>Too old for the destination; encoded only for the visitor's state.</summary>
    TooOld,

    /// <summary>Not selected by the replay; encoded only for the visitor's state.</summary>
    Passed,

    /// <summary>Not to be sent, and without effect on the visitor's state; <see cref="PlannedEvent.Reason"/> says why.</summary>
    Dropped,

    /// <summary>Not readable, or the destination's code fails on it; <see cref="PlannedEvent.Message"/> says how.</summary>
    Broken,
}

/// <summary>One event of a run: what it becomes and how far it has come.</summary>
internal sealed class PlannedEvent(long offset, long before, Part part, Event? e, ReadOnlyMemory<byte> payload)
{
    public long Offset { get; } = offset;

    /// <summary>The offset of the record before it, whoever's it is: where the cursor stands until this one is done.</summary>
    public long Before { get; } = before;

    public Part Part { get; } = part;

    public Event? Event { get; } = e;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    public DateTimeOffset ReceivedAt { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public EncodedEvent? Encoded { get; set; }

    /// <summary>The earlier event whose first hit carries this one.</summary>
    public PlannedEvent? Carrier { get; set; }

    public List<PlannedEvent> Carried { get; } = [];

    /// <summary>The hits wanted, by their index among the event's; null for all.</summary>
    public IReadOnlyList<int>? Wanted { get; init; }

    public IReadOnlyList<Hit> Hits =>
        Part != Part.Send || Encoded is not { } encoded ? []
        : IsWhole ? encoded.Hits
        : [.. Wanted!.Select(i => encoded.Hits[i])];

    /// <summary>The index among all of the event's hits of one of <see cref="Hits"/>.</summary>
    public int OriginalIndex(int index) => IsWhole ? index : Wanted![index];

    // A mapping changed since may make fewer hits: then all of them are wanted.
    private bool IsWhole => Wanted is null or [] || Wanted.Any(i => i >= (Encoded?.Hits.Count ?? 0));

    /// <summary>Hits settled, those of earlier plans included.</summary>
    public int HitsDone { get; set; }

    /// <summary>Takes over how far an earlier plan had come with it.</summary>
    public void Resume(Cursor from)
    {
        HitsDone = from.HitsDone;
        Outcomes.AddRange(from.Failed.Select(f => new SettledHit(f.Index, new HitOutcome(false, f.Reason, f.Message), null, null)));
    }

    /// <summary>Its outcome has been written.</summary>
    public bool Told { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>It may be recorded already: an earlier request that held it has an unknown outcome.</summary>
    public bool MayBeThere { get; set; }

    /// <summary>What became of its hits in this plan, and which failed in earlier ones; of its carrier's first hit when it travels.</summary>
    public List<SettledHit> Outcomes { get; } = [];

    public bool Done => Part switch
    {
        Part.Send when Carrier is not null => Outcomes.Count > 0,
        Part.Send => HitsDone >= Hits.Count,
        _ => true,
    };
}

/// <summary>A hit with its event.</summary>
internal sealed record PlannedHit(PlannedEvent Event, int Index, Hit Hit)
{
    public Place Place => new(Event.Offset, Index);
}

/// <summary>What became of a hit.</summary>
internal sealed record SettledHit(int Index, HitOutcome Outcome, string? Request, Answer? Answer);

/// <summary>A run of a partition, encoded: what to send, in order.</summary>
internal sealed class Plan(TargetRevision revision, IReadOnlyList<PlannedEvent> events, long end, DateTimeOffset madeAt)
{
    public TargetRevision Revision { get; } = revision;

    /// <summary>In log order; records of other sources are left out.</summary>
    public IReadOnlyList<PlannedEvent> Events { get; } = events;

    /// <summary>The last offset it covers.</summary>
    public long End { get; } = end;

    public DateTimeOffset MadeAt { get; } = madeAt;

    /// <summary>Every hit still to send when the plan was made, in order.</summary>
    public IReadOnlyList<PlannedHit> Hits { get; } =
        [.. events.SelectMany(e => e.Hits.Skip(e.HitsDone).Select((hit, i) => new PlannedHit(e, e.HitsDone + i, hit)))];

    /// <summary>Offsets settled already that lie beyond <see cref="End"/>.</summary>
    public IReadOnlyList<long> AheadBeyond { get; init; } = [];

    /// <summary>How many of <see cref="Hits"/> are settled.</summary>
    public int Sent { get; set; }

    /// <summary>How many of <see cref="Events"/> the cursor has passed.</summary>
    public int PassedEvents { get; set; }
}
