using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Resources;

/// <summary><c>/users</c></summary>
internal static class Users
{
    public static void MapUsers(this IEndpointRouteBuilder admin)
    {
        var users = admin.MapGroup("/users").WithTags("Users");
        users.MapGet("", ListAsync).Says<Page<UserView>>("listUsers", "Lists the users.");
        users.MapPost("", AddAsync).Repeatable().Says<UserView>("createUser", "Adds a user.", 201);
        users.MapGet("/{id}", ReadAsync).Says<UserView>("getUser", "Shows a user.");
        users.MapPatch("/{id}", ChangeAsync).Says<UserView>("updateUser", "Changes the fields given: address, name, role, password, enabled; unlocks.");
        users.MapDelete("/{id}", RemoveAsync).Says("deleteUser", "Removes a user and ends their sessions.");
        users.MapPost("/{id}/sign-out", SignOutAsync).Says("signOutUser", "Ends every session of a user.");
    }

    private static async Task<IResult> ListAsync(Query<PageQuery> query, IAccountStore store, TimeProvider time, CancellationToken stop) =>
        Paging.OfIds(await store.UsersAsync(stop), query.Value, u => u.Id, u => UserView.Of(u, time.GetUtcNow()));

    private static async Task<IResult> ReadAsync(string id, IAccountStore store, TimeProvider time, CancellationToken stop) =>
        await store.UserAsync(id, stop) is { } user ? Shown(user, time) : Answer.NotFound($"user {id}");

    private static async Task<IResult> AddAsync(Body<UserInput> body, Accounts accounts, Actor actor, TimeProvider time, CancellationToken stop) =>
        Answer.Of(await accounts.AddAsync(body.Value, actor, stop), "user", u => Answer.Created($"/v1/admin/users/{u.Id}", UserView.Of(u, time.GetUtcNow())).Tagged(u.Revision));

    private static async Task<IResult> ChangeAsync(string id, Body<UserPatch> body, IfMatch match, Accounts accounts, Actor actor, TimeProvider time, CancellationToken stop) =>
        Answer.Of(await accounts.ChangeAsync(id, body.Value, match.Revision, actor, stop), $"user {id}", u => Shown(u, time));

    private static async Task<IResult> RemoveAsync(string id, IfMatch match, Accounts accounts, Actor actor, CancellationToken stop) =>
        Answer.Of(await accounts.RemoveAsync(id, match.Revision, actor, stop), $"user {id}", _ => Results.NoContent());

    private static async Task<IResult> SignOutAsync(string id, Accounts accounts, Actor actor, CancellationToken stop) =>
        Answer.Of(await accounts.SignOutAsync(id, actor, stop), $"user {id}", _ => Results.NoContent());

    private static IResult Shown(User user, TimeProvider time) => Answer.Ok(UserView.Of(user, time.GetUtcNow())).Tagged(user.Revision);
}
