using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.Manage.Privacy;

namespace Signal.Manage.Resources;

/// <summary><c>/visitors</c></summary>
internal static class Visitors
{
    public static void MapVisitors(this IEndpointRouteBuilder admin)
    {
        var visitors = admin.MapGroup("/visitors").WithTags("Visitors");
        visitors.MapGet("", FindAsync).Says<HeldView>("findVisitor", "How much is held of a person, by anonymous_id or user_id, here and by the destinations' own privacy tools.");
        visitors.MapPost("/export", ExportAsync).Says<ExportView>("exportVisitor", "All that is held of a person.");
        visitors.MapPost("/erase", EraseAsync).Says<ErasureReceipt>("eraseVisitor", "Erases all that is held of a person, here and where a token allows it at the destinations; answers a receipt.");
        visitors.MapGet("/{id}", ExportByIdAsync).Says<ExportView>("exportVisitorById", "All that is held of a person, by anonymous or user id.");
        visitors.MapDelete("/{id}", EraseByIdAsync).Says<ErasureReceipt>("eraseVisitorById", "Erases all that is held of a person, by anonymous or user id.");
    }

    private static async Task<IResult> FindAsync(Query<VisitorKey> query, VisitorDesk desk, CancellationToken stop) =>
        Wrong(query.Value) ?? Answer.Ok(await desk.FindAsync(query.Value, stop));

    private static async Task<IResult> ExportAsync(Body<VisitorKey> body, VisitorDesk desk, Actor actor, CancellationToken stop) =>
        Wrong(body.Value) ?? Answer.Ok(await desk.ExportAsync(body.Value, actor, stop));

    private static async Task<IResult> EraseAsync(Body<VisitorKey> body, VisitorDesk desk, Actor actor, CancellationToken stop) =>
        Wrong(body.Value) ?? Answer.Ok(await desk.EraseAsync(body.Value, actor, stop));

    private static async Task<IResult> ExportByIdAsync(string id, VisitorDesk desk, Actor actor, CancellationToken stop) =>
        await KeyOfAsync(id, desk, stop) is { } key ? Answer.Ok(await desk.ExportAsync(key, actor, stop)) : Answer.NotFound($"visitor {id}");

    private static async Task<IResult> EraseByIdAsync(string id, VisitorDesk desk, Actor actor, CancellationToken stop) =>
        await KeyOfAsync(id, desk, stop) is { } key ? Answer.Ok(await desk.EraseAsync(key, actor, stop)) : Answer.NotFound($"visitor {id}");

    private static async Task<VisitorKey?> KeyOfAsync(string id, VisitorDesk desk, CancellationToken stop)
    {
        foreach (var key in new VisitorKey[] { new() { AnonymousId = id }, new() { UserId = id } })
            if (await desk.HoldsAsync(key, stop)) return key;
        return null;
    }

    private static IResult? Wrong(VisitorKey key) =>
        string.IsNullOrEmpty(key.AnonymousId) == string.IsNullOrEmpty(key.UserId)
            ? Answer.Invalid([new("anonymous_id", "required", "Send either anonymous_id or user_id.")])
            : null;
}
