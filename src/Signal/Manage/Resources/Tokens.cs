using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/tokens</c></summary>
internal static class Tokens
{
    public static void MapTokens(this IEndpointRouteBuilder admin)
    {
        var tokens = admin.MapGroup("/tokens").WithTags("Tokens");
        tokens.MapGet("", ListAsync).Says<Page<TokenView>>("listTokens", "Lists the API tokens.");
        tokens.MapPost("", IssueAsync).Repeatable().Says<NewTokenView>("createToken", "Makes an API token. The answer shows it once.", 201);
        tokens.MapDelete("/{id}", RevokeAsync).Says("deleteToken", "Revokes an API token at once.");
    }

    private static async Task<IResult> ListAsync(Query<PageQuery> query, IAccountStore store, CancellationToken stop) =>
        Paging.OfIds(await store.TokensAsync(stop), query.Value, t => t.Id, TokenView.Of);

    private static async Task<IResult> IssueAsync(Body<TokenInput> body, Accounts accounts, Actor actor, CancellationToken stop) =>
        Answer.Of(await accounts.IssueTokenAsync(body.Value, actor, stop), "token", issued => Answer.Created(
            "/v1/admin/tokens",
            new NewTokenView(issued.Token.Id, issued.Token.Name, issued.Token.Role, issued.Token.CreatedBy, issued.Token.CreatedAt, issued.Token.ExpiresAt, issued.Text)));

    private static async Task<IResult> RevokeAsync(string id, Accounts accounts, Actor actor, CancellationToken stop) =>
        Answer.Of(await accounts.RevokeTokenAsync(id, actor, stop), $"token {id}", _ => Results.NoContent());
}
