using Signal.Govern;

namespace Signal.Collect;

/// <summary>Why a whole request is refused.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">Names field, rule and what to do.</param>
/// <param name="RetryAfterSeconds">The <c>Retry-After</c>, or null.</param>
internal sealed record Refusal(int Status, string Code, string Message, int? RetryAfterSeconds = null)
{
    internal static Refusal Malformed(string code, string message) => new(StatusCodes.Status400BadRequest, code, message);

    internal static Refusal Unauthorised(string code, string message) => new(StatusCodes.Status401Unauthorized, code, message);

    internal static Refusal TooLarge(string code, string message) => new(StatusCodes.Status413PayloadTooLarge, code, message);

    internal static Refusal Unsupported(string code, string message) => new(StatusCodes.Status415UnsupportedMediaType, code, message);

    internal static Refusal CutOff(int status) =>
        new(status, ErrorCodes.MalformedRequest, "The request's body is broken or was cut off: send it again.");

    internal static Refusal NoStore(TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.StoreUnavailable, "Events cannot be stored at the moment: send them again later.", (int)Math.Ceiling(retryAfter.TotalSeconds));
}
