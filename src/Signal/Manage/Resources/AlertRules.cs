using Signal.Manage.Alerts;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/alert-rules</c></summary>
internal static class AlertRules
{
    public static void MapAlertRules(this IEndpointRouteBuilder admin)
    {
        var rules = admin.MapGroup("/alert-rules").WithTags("Alerts");
        rules.MapGet("", ListAsync).Says<Page<AlertRuleView>>("listAlertRules", "Lists the rules: the general one of each kind, which is built in, and those for one integration or source.");
        rules.MapPost("", CreateAsync).Repeatable().Says<AlertRuleView>("createAlertRule", "Makes a rule for one integration or source, in place of the general one.", 201);
        rules.MapGet("/{id}", ReadAsync).Says<AlertRuleView>("getAlertRule", "Shows a rule.");
        rules.MapPatch("/{id}", PatchAsync).Says<AlertRuleView>("updateAlertRule", "Changes the fields given of a rule, built in or not.");
        rules.MapDelete("/{id}", DeleteAsync).Says("deleteAlertRule", "Removes a rule for one integration or source; the general one is in force there again.");
    }

    private static async Task<IResult> ListAsync(Query<PageQuery> query, AlertRuleChanges changes, CancellationToken stop) =>
        Paging.OfIds(await changes.AllAsync(stop), query.Value, r => r.Id, AlertRuleView.Of);

    private static async Task<IResult> ReadAsync(string id, AlertRuleChanges changes, CancellationToken stop) =>
        (await changes.AllAsync(stop)).FirstOrDefault(r => r.Id == id) is { } rule ? Shown(rule) : Answer.NotFound($"alert rule {id}");

    private static async Task<IResult> CreateAsync(Body<AlertRuleInput> body, AlertRuleChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.CreateAsync(body.Value, actor, stop), "rule", r => Answer.Created($"/v1/admin/alert-rules/{r.Id}", AlertRuleView.Of(r)).Tagged(r.Revision));

    private static async Task<IResult> PatchAsync(string id, Patch<AlertRulePatch> patch, IfMatch match, AlertRuleChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.PatchAsync(id, patch.Json, match.Revision, actor, stop), $"rule {id}", Shown);

    private static async Task<IResult> DeleteAsync(string id, IfMatch match, AlertRuleChanges changes, Actor actor, CancellationToken stop) =>
        Answer.Of(await changes.DeleteAsync(id, match.Revision, actor, stop), $"rule {id}", _ => Results.NoContent());

    private static IResult Shown(AlertRule rule) => Answer.Ok(AlertRuleView.Of(rule)).Tagged(rule.Revision);
}
