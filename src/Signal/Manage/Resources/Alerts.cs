using System.ComponentModel.DataAnnotations;
using Signal.Manage.Alerts;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/alerts</c></summary>
internal static class Alerts
{
    public static void MapAlerts(this IEndpointRouteBuilder admin)
    {
        var alerts = admin.MapGroup("/alerts").WithTags("Alerts");
        alerts.MapGet("", ListAsync).Says<Page<AlertView>>("listAlerts", "Lists the alerts, open and past, newest first, with who was told.");
        alerts.MapGet("/{id}", ReadAsync).Says<AlertView>("getAlert", "Shows an alert and who was told.");
    }

    private static async Task<IResult> ListAsync(Query<AlertQuery> query, IAlertStore store, CancellationToken stop)
    {
        if (!Paging.TryRead<string>(query.Value.Cursor, out var before)) return Paging.BadCursor();
        var alerts = await store.ListAsync(query.Value.ToFilter(before), stop);
        var messages = await store.MessagesAsync([.. alerts.Select(a => a.Id)], stop);
        return Answer.Ok(Paging.Of(alerts, query.Value.Limit, a => AlertView.Of(a, messages), a => a.Id));
    }

    private static async Task<IResult> ReadAsync(string id, IAlertStore store, CancellationToken stop) =>
        await store.FindAsync(id, stop) is { } alert ? Answer.Ok(AlertView.Of(alert, await store.MessagesAsync([id], stop))) : Answer.NotFound($"alert {id}");
}

/// <summary>Which alerts: every given part must match.</summary>
internal sealed record AlertQuery : PageQuery
{
    /// <summary>open or resolved.</summary>
    [AllowedValues("open", "resolved", ErrorMessage = "{0} must be open or resolved.")]
    public string? State { get; init; }

    /// <summary>What they are about.</summary>
    public AlertKind? Kind { get; init; }

    /// <summary>An integration's or a source's id, or disk.</summary>
    public string? Subject { get; init; }

    public AlertFilter ToFilter(string? before) => new(State is null ? null : State == "open", Kind, Subject, before, Limit + 1);
}
