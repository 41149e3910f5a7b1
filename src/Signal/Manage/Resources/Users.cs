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
        users.MapPatch("/{id}", ChangeAsync).Says<UserView>("updateUser", "Changes the fields given: address, name, role, password; unlocks.");
        users.MapDelete("/{id}", RemoveAsync).Says("deleteUser", "Removes a user and ends their sessions.");
    }

    private static async Task<IResult> ListAsync(Query<PageQuery> query, IAccountStore store, TimeProvider time, CancellationToken stop) =>
        Paging.OfIds(await store.UsersAsync(stop), query.Value, u => u.Id, u => UserView.Of(u, time.GetUtcNow()));

    private static async Task<IResult> ReadAsync(string id, IAccountStore store, TimeProvider time, CancellationToken stop) =>
        await store.UserAsync(id, stop) is { } user ? Answer.Ok(UserView.Of(user, time.GetUtcNow())) : Answer.NotFound($"user {id}");

    private static async Task<IResult> AddAsync(Body<UserInput> body, Accounts accounts, Actor actor, TimeProvider time, CancellationToken stop) =>
        Answer.Of(await accounts.AddAsync(body.Value, actor, stop), "user", u => Answer.Created($"/v1/admin/users/{u.Id}", UserView.Of(u, time.GetUtcNow())));

    private static async Task<IResult> ChangeAsync(string id, Body<UserPatch> body, Accounts accounts, Actor actor, TimeProvider time, CancellationToken stop) =>
        Answer.Of(await accounts.ChangeAsync(id, body.Value, actor, stop), $"user {id}", u => Answer.Ok(UserView.Of(u, time.GetUtcNow())));

    private static async Task<IResult> RemoveAsync(string id, Accounts accounts, Actor actor, CancellationToken stop) =>
        Answer.Of(await accounts.RemoveAsync(id, actor, stop), $"user {id}", _ => Results.NoContent());
}
