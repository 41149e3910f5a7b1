namespace Signal.Manage.Resources;

/// <summary>Says in the API document what a route does and answers.</summary>
internal static class Describe
{
    /// <summary>The route's operation id, its one-line summary and the type of its answer.</summary>
    public static RouteHandlerBuilder Says<T>(this RouteHandlerBuilder route, string id, string summary, int status = 200) =>
        route.WithName(id).WithSummary(summary).Produces<T>(status, "application/json");

    /// <summary>The same for a route without an answer's body.</summary>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string id, string summary, int status = 204) =>
        route.WithName(id).WithSummary(summary).Produces(status);

    /// <summary>A create that may be repeated under the same <c>Idempotency-Key</c>.</summary>
    public static RouteHandlerBuilder Repeatable(this RouteHandlerBuilder route) =>
        route.WithMetadata(new TakesIdempotencyKey())
            .AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<Http.Idempotency>().InvokeAsync(context, next));
}

/// <summary>Marks a route that takes a <c>Last-Event-ID</c>, for the API document.</summary>
internal sealed record TakesLastEventId;

/// <summary>Marks a route that takes an <c>Idempotency-Key</c>, for the API document.</summary>
internal sealed record TakesIdempotencyKey;
