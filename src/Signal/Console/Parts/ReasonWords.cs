using Microsoft.Extensions.Localization;
using Signal.Events;

namespace Signal.Console.Parts;

/// <summary>A reason code in words: a title, the cause, and what to do about it.</summary>
internal sealed record ReasonWords(string Title, string Cause, string? Remedy = null)
{
    /// <summary>The codes of Signal's own; a destination has others besides.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        Reasons.ConsentDenied, Reasons.ConsentWithdrawn, Reasons.ConsentUnreadable, Reasons.DoNotTrack, Reasons.GlobalPrivacyControl, Reasons.MatomoOptOut,
        Reasons.Bot, Reasons.Duplicate, Reasons.NoIntegration, Reasons.NoHit, Reasons.Unmapped, Reasons.DuplicateOrder, Reasons.TooOld,
        Reasons.RefusedByDestination, Reasons.Poison, Reasons.MappingFailed, Reasons.Erased, Reasons.Expired,
    ];

    public static ReasonWords Of(string reason, IStringLocalizer l) => reason switch
    {
        Reasons.ConsentDenied => new(l["Consent refused"], l["The visitor has not allowed this category."], l["This is the visitor's choice; nothing is to do."]),
        Reasons.ConsentWithdrawn => new(l["Consent withdrawn"], l["The visitor withdrew consent before the event was sent."], l["This is the visitor's choice; nothing is to do."]),
        Reasons.ConsentUnreadable => new(l["Consent unreadable"], l["The consent data could not be understood, and what can't be understood denies."], l["Check what the consent platform sends, and the source's category codes."]),
        Reasons.DoNotTrack => new(l["Do Not Track"], l["The browser asked not to be tracked and the source's policy honours it."]),
        Reasons.GlobalPrivacyControl => new(l["Global Privacy Control"], l["The browser sent Sec-GPC and the source's policy denies the category."]),
        Reasons.MatomoOptOut => new(l["Matomo opt-out"], l["The visitor used Matomo's opt-out on the site."]),
        Reasons.Bot => new(l["Bot"], l["The user agent is a known bot's."], l["A source's settings can let bots through."]),
        Reasons.Duplicate => new(l["Duplicate"], l["The same message was received within 24 hours."]),
        Reasons.NoIntegration => new(l["No integration"], l["The source has no active integration."], l["Add an integration for this source."]),
        Reasons.NoHit => new(l["Nothing to send"], l["The event makes no request of its own; what it says is known from now on."]),
        Reasons.Unmapped => new(l["Not mapped"], l["Neither the preset nor a mapping knows this event, and the integration drops such events."], l["Add a mapping, or let unmapped events through in the settings."]),
        Reasons.DuplicateOrder => new(l["Order counted already"], l["This order was already sent; it is counted once."]),
        Reasons.TooOld => new(l["Too old"], l["The event is older than the destination accepts."], l["Replays of such old events need a destination that still takes them."]),
        Reasons.RefusedByDestination => new(l["Refused"], l["The destination refused this one event; its neighbours were accepted."], l["Open one to see the answer. Mend the event or the mapping, then replay."]),
        Reasons.Poison => new(l["Makes the destination fail"], l["Sent alone, this event makes the destination fail every time."], l["Edit the event, or report it to whoever runs the destination, then replay."]),
        Reasons.MappingFailed => new(l["Mapping failed"], l["A mapping of this integration failed on the event."], l["Mend the mapping and try it in the preview, then replay."]),
        Reasons.Erased => new(l["Erased"], l["The person asked to be erased."]),
        Reasons.Expired => new(l["Expired"], l["The event outlived the retention while its integration could not deliver."]),
        _ => new(reason.Replace('_', ' '), l["The destination's answer gave this reason."], l["Open one to see the answer."]),
    };
}
