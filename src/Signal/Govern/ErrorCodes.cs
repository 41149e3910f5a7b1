namespace Signal.Govern;

/// <summary>
/// Why a request or an event was refused at the door: one list, used in answers, counts, metrics and docs.
/// What is accepted and then dropped on purpose has its reasons in <see cref="Events.Reasons"/>.
/// </summary>
public static class ErrorCodes
{
    /// <summary>401: no pipeline key, or one that is unknown, revoked or of a disabled source.</summary>
    public const string InvalidPipelineKey = "INVALID_PIPELINE_KEY";

    /// <summary>401: a signed call lacks a header, names no known source, or its signature does not match.</summary>
    public const string InvalidSignature = "INVALID_SIGNATURE";

    /// <summary>401: <c>X-Timestamp</c> is more than five minutes from now.</summary>
    public const string StaleSignature = "STALE_SIGNATURE";

    /// <summary>401: the same signature was used before.</summary>
    public const string ReplayedSignature = "REPLAYED_SIGNATURE";

    /// <summary>403: the page's origin is not on the source's list.</summary>
    public const string OriginNotAllowed = "ORIGIN_NOT_ALLOWED";

    /// <summary>413, or an item's error in a batch: one event is larger than the limit.</summary>
    public const string EventTooLarge = "EVENT_TOO_LARGE";

    /// <summary>413: a batch has too many bytes or too many events.</summary>
    public const string BatchTooLarge = "BATCH_TOO_LARGE";

    /// <summary>400: the body is not JSON, not UTF-8, or nested too deep.</summary>
    public const string MalformedJson = "MALFORMED_JSON";

    /// <summary>400: the body does not decompress.</summary>
    public const string MalformedEncoding = "MALFORMED_ENCODING";

    /// <summary>400: the HTTP request itself is broken or was cut off.</summary>
    public const string MalformedRequest = "MALFORMED_REQUEST";

    /// <summary>415: the <c>Content-Type</c> is neither <c>application/json</c> nor <c>text/plain</c>, or its charset is not UTF-8.</summary>
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";

    /// <summary>415: the <c>Content-Encoding</c> is neither <c>gzip</c> nor <c>br</c>.</summary>
    public const string UnsupportedEncoding = "UNSUPPORTED_ENCODING";

    /// <summary>429: the source sends more events a second than it may.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>503: nothing can be stored now.</summary>
    public const string StoreUnavailable = "STORE_UNAVAILABLE";

    /// <summary>503: this build carries no browser SDK.</summary>
    public const string SdkUnavailable = "SDK_UNAVAILABLE";

    /// <summary>400: neither route nor event says the <c>type</c>.</summary>
    public const string MissingType = "MISSING_TYPE";

    /// <summary>400: the <c>type</c> is not one of Signal's.</summary>
    public const string UnknownType = "UNKNOWN_TYPE";

    /// <summary>400: a <c>track</c> without <c>event</c>.</summary>
    public const string MissingEventName = "MISSING_EVENT_NAME";

    /// <summary>400: a field breaks its rule; the message names both.</summary>
    public const string InvalidField = "INVALID_FIELD";

    /// <summary>404: no such route.</summary>
    public const string NotFound = "NOT_FOUND";

    /// <summary>405: the route exists with another method.</summary>
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
}
