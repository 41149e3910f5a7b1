using Signal.Events;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>Checks, stores and audits every change of users and API tokens, for API and console alike.</summary>
internal sealed class Accounts(IAccountStore store, IAuditLog log, Audit audit, TimeProvider time)
{
    /// <summary>A new user.</summary>
    public async Task<Outcome<User>> AddAsync(UserInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var errors = AccountRules.Check(input.Email, input.Password);
        if (errors.Count > 0) return new Outcome<User>.Invalid(errors);
        var user = new User(Ids.New("usr", now), input.Email.Trim(), input.Name.Trim(), input.Role, SignIns.Hash(input.Password), 0, null, now, null);
        if (!await store.SaveAsync(user, stop)) return EmailTaken(user.Email);
        await log.AppendAsync(audit.Entry(actor, "user.created", user.Id, null, UserView.Of(user, now)), stop);
        return new Outcome<User>.Done(user);
    }

    /// <summary>Changes what is given of a user. A new password or role unlocks nothing but itself; the last administrator stays one.</summary>
    public async Task<Outcome<User>> ChangeAsync(string id, UserPatch change, Actor actor, CancellationToken stop)
    {
        if (await store.UserAsync(id, stop) is not { } before) return new Outcome<User>.Missing();
        var errors = AccountRules.Check(change.Email ?? before.Email, change.Password);
        if (errors.Count > 0) return new Outcome<User>.Invalid(errors);
        var after = before with
        {
            Email = change.Email?.Trim() ?? before.Email,
            Name = change.Name?.Trim() ?? before.Name,
            Role = change.Role ?? before.Role,
            PasswordHash = change.Password is { } password ? SignIns.Hash(password) : before.PasswordHash,
            FailedSignIns = change.Locked == false ? 0 : before.FailedSignIns,
            LockedUntil = change.Locked == false ? null : before.LockedUntil,
        };
        if (after.Role != Roles.Admin && await IsLastAdminAsync(before, stop)) return LastAdmin();
        if (!await store.SaveAsync(after, stop)) return EmailTaken(after.Email);
        var now = time.GetUtcNow();
        await log.AppendAsync(audit.Entry(actor, "user.updated", id, UserView.Of(before, now), UserView.Of(after, now), change.Password is null ? [] : ["password"]), stop);
        return new Outcome<User>.Done(after);
    }

    /// <summary>Removes a user and ends their sessions; the last administrator stays.</summary>
    public async Task<Outcome<User>> RemoveAsync(string id, Actor actor, CancellationToken stop)
    {
        if (await store.UserAsync(id, stop) is not { } user) return new Outcome<User>.Missing();
        if (await IsLastAdminAsync(user, stop)) return LastAdmin();
        await store.DeleteUserAsync(id, stop);
        await log.AppendAsync(audit.Entry(actor, "user.deleted", id, UserView.Of(user, time.GetUtcNow()), null), stop);
        return new Outcome<User>.Done(user);
    }

    /// <summary>A new API token and the text that is shown once.</summary>
    public async Task<Outcome<(ApiToken Token, string Text)>> IssueTokenAsync(TokenInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (input.ExpiresAt <= now)
            return new Outcome<(ApiToken, string)>.Invalid([new("expires_at", "range", "expires_at must lie in the future, or be left out for a token that does not expire.")]);
        var text = Keys.Token(BearerTokens.ApiTokenPrefix);
        var token = new ApiToken(Ids.New("tok", now), input.Name.Trim(), input.Role, Keys.Hash(text), actor.Name, now, input.ExpiresAt, null);
        await store.SaveAsync(token, stop);
        await log.AppendAsync(audit.Entry(actor, "token.created", token.Id, null, TokenView.Of(token)), stop);
        return new Outcome<(ApiToken, string)>.Done((token, text));
    }

    /// <summary>Revokes an API token at once.</summary>
    public async Task<Outcome<ApiToken>> RevokeTokenAsync(string id, Actor actor, CancellationToken stop)
    {
        var token = (await store.TokensAsync(stop)).FirstOrDefault(t => t.Id == id);
        if (token is null || !await store.DeleteTokenAsync(id, stop)) return new Outcome<ApiToken>.Missing();
        await log.AppendAsync(audit.Entry(actor, "token.revoked", id, TokenView.Of(token), null), stop);
        return new Outcome<ApiToken>.Done(token);
    }

    private async Task<bool> IsLastAdminAsync(User user, CancellationToken stop) =>
        user.Role == Roles.Admin && (await store.UsersAsync(stop)).Count(u => u.Role == Roles.Admin) == 1;

    private static Outcome<User>.Conflict EmailTaken(string email) => new("ALREADY_EXISTS", $"There is already a user with the address {email}.");

    private static Outcome<User>.Conflict LastAdmin() => new("LAST_ADMIN", "This is the last administrator. Make somebody else one first.");
}
