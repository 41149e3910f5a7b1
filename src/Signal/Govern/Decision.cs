using Signal.Events;

namespace Signal.Govern;

/// <summary>What becomes of an event at the door; a closed set.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>It is stored. Its <see cref="Event.Body"/> is left undefined: the sender's bytes are stored as they are.</summary>
    internal sealed record Accepted(Event Event) : Decision;

    /// <summary>It is not stored, on purpose; the sender sees no difference.</summary>
    /// <param name="Reason">One of <see cref="Reasons"/>.</param>
    /// <param name="Detail">For the operator: which setting or datum decided.</param>
    internal sealed record Dropped(string Reason, string Detail) : Decision;

    /// <summary>It is wrong, and the sender is told.</summary>
    /// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="Message">Names field, rule and what to do.</param>
    internal sealed record Rejected(string Code, string Message) : Decision;
}

/// <summary>A decision and what follows from it for the visitor.</summary>
/// <param name="Decision">What becomes of the event.</param>
/// <param name="Said">What the visitor said about consent with this event, to be remembered; empty for nothing.</param>
/// <param name="VisitorRefused">The visitor has refused (or not yet granted), or is a bot: set no cookie.</param>
internal readonly record struct Ruling(Decision Decision, IReadOnlyDictionary<string, bool> Said, bool VisitorRefused);
