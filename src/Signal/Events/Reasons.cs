namespace Signal.Events;

/// <summary>
/// Why an event was not delivered: one list, used in records, dead letters, metrics, the API and the docs.
/// </summary>
public static class Reasons
{
    /// <summary>The visitor's consent does not allow any integration, or not this one.</summary>
    public const string ConsentDenied = "consent_denied";

    /// <summary>Consent was withdrawn between collection and delivery.</summary>
    public const string ConsentWithdrawn = "consent_withdrawn";

    /// <summary>Consent data could not be understood; it denies.</summary>
    public const string ConsentUnreadable = "consent_unreadable";

    /// <summary>The browser sent <c>DNT: 1</c> and the source's policy is <c>deny</c>.</summary>
    public const string DoNotTrack = "do_not_track";

    /// <summary>The browser sent <c>Sec-GPC: 1</c> and the source's policy denies the category.</summary>
    public const string GlobalPrivacyControl = "global_privacy_control";

    /// <summary>A cookie of Matomo's opt-out reached the collection host.</summary>
    public const string MatomoOptOut = "matomo_opt_out";

    /// <summary>The user agent is a known bot's.</summary>
    public const string Bot = "bot";

    /// <summary>The same <c>messageId</c> was accepted within the last 24 hours.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The source has no enabled integration.</summary>
    public const string NoIntegration = "no_integration";

    /// <summary>The event makes no request of its own (identify, group, alias); its data are known from now on.</summary>
    public const string NoHit = "no_hit";

    /// <summary>The integration drops events that neither preset nor mappings know.</summary>
    public const string Unmapped = "unmapped";

    /// <summary>The order was already counted for this integration.</summary>
    public const string DuplicateOrder = "duplicate_order";

    /// <summary>The event is older than what Matomo still accepts.</summary>
    public const string TooOld = "too_old";

    /// <summary>Matomo refused this one event.</summary>
    public const string RefusedByDestination = "refused_by_destination";

    /// <summary>This one event makes Matomo fail; its neighbours do not.</summary>
    public const string Poison = "poison";

    /// <summary>A mapping of the integration failed on this event.</summary>
    public const string MappingFailed = "mapping_failed";

    /// <summary>The stored bytes are no event this program can read.</summary>
    public const string Undecodable = "undecodable";

    /// <summary>The person asked to be erased.</summary>
    public const string Erased = "erased";

    /// <summary>The event outlived the retention while its integration could not deliver.</summary>
    public const string Expired = "expired";
}
