using Signal.Destinations;
using Signal.Manage.Changes;

namespace Signal.Manage.Http;

/// <summary>The answers of the API. Each way a change can end is translated to HTTP here and nowhere else.</summary>
internal static class Answer
{
    public static IResult Ok<T>(T value) => Results.Json(value, ApiJson.Options);

    public static IResult Created<T>(string location, T value) => new WithHeader(Results.Json(value, ApiJson.Options, statusCode: 201), "Location", location);

    public static IResult Accepted<T>(string location, T value) => new WithHeader(Results.Json(value, ApiJson.Options, statusCode: 202), "Location", location);

    public static IResult Tagged(this IResult result, int revision) => new WithHeader(result, "ETag", $"\"{revision}\"");

    public static IResult Problem(int status, string code, string message, IReadOnlyList<FieldError>? fields = null) =>
        Results.Json(new ErrorView(new ErrorBody(code, message, fields)), ApiJson.Options, statusCode: status);

    /// <summary>A refusal that is over after a while.</summary>
    public static IResult Later(int status, string code, string message, TimeSpan wait) =>
        new WithHeader(Problem(status, code, message), "Retry-After", Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString());

    public static IResult Invalid(IReadOnlyList<FieldError> errors) =>
        Problem(400, "VALIDATION_FAILED", errors.Count == 1 ? errors[0].Message : $"{errors.Count} fields need to be corrected.", errors);

    public static IResult NotFound(string what) => Problem(404, "NOT_FOUND", $"There is no {what}.");

    /// <summary>The answer to a change; <paramref name="done"/> says what success looks like.</summary>
    public static IResult Of<T>(Outcome<T> outcome, string what, Func<T, IResult> done) => outcome switch
    {
        Outcome<T>.Done d => done(d.Value),
        Outcome<T>.Invalid i => Invalid(i.Errors),
        Outcome<T>.Missing => NotFound(what),
        Outcome<T>.Stale => Problem(412, "REVISION_MISMATCH", $"The {what.Split(' ')[0]} has changed since you read it. Read it again and repeat your change on the current revision."),
        Outcome<T>.Conflict c => Problem(409, c.Code, c.Message),
        _ => throw new InvalidOperationException($"No answer for {outcome.GetType().Name}."),
    };

    private sealed class WithHeader(IResult inner, string name, string value) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => (inner as IStatusCodeHttpResult)?.StatusCode;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[name] = value;
            return inner.ExecuteAsync(httpContext);
        }
    }
}
