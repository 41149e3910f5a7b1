using Signal.Destinations;
using Signal.Events;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>Checks, stores and audits every change of users and API tokens, for API and console alike.</summary>
internal sealed class Accounts(IAccountStore store, Audit audit, ManageOptions options, TimeProvider time)
{
    /// <summary>There is a user more.</summary>
    public event Action? Added;

    /// <summary>A new user. Without a password they can only sign on at the provider.</summary>
    public Task<Outcome<User>> AddAsync(UserInput input, Actor actor, CancellationToken stop) => AddAsync(input, null, actor, stop);

    /// <summary>A new user who is this subject at the provider.</summary>
    public async Task<Outcome<User>> AddAsync(UserInput input, string? subject, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (Wrong(input, options) is { Count: > 0 } errors) return new Outcome<User>.Invalid(errors);
        var hash = input.Password is { } password ? SignIns.Hash(password) : null;
        var user = new User(Ids.New("usr", now), input.Email.Trim(), input.Name.Trim(), input.Role, hash, 0, null, now, null) { Subject = subject, Stamp = NewStamp() };
        var outcome = Of(await store.SaveAsync(user, audit.Entry(actor, "user.created", user.Id, null, UserView.Of(user, now)), stop), user);
        if (outcome is Outcome<User>.Done) Added?.Invoke();
        return outcome;
    }

    /// <summary>Changes what is given of a user. A new password or role, and disabling, end their sessions everywhere; one administrator always stays.</summary>
    public async Task<Outcome<User>> ChangeAsync(string id, UserPatch change, int? expected, Actor actor, CancellationToken stop)
    {
        if (await store.UserAsync(id, stop) is not { } before) return new Outcome<User>.Missing();
        if (expected is not null && expected != before.Revision) return new Outcome<User>.Stale();
        var errors = FieldErrors.Joined(InputCheck.Of(change), AccountRules.Check(change.Email ?? before.Email, change.Password));
        if (errors.Count > 0) return new Outcome<User>.Invalid(errors);
        var after = before with
        {
            Email = change.Email?.Trim() ?? before.Email,
            Name = change.Name?.Trim() ?? before.Name,
            Role = change.Role ?? before.Role,
            Enabled = change.Enabled ?? before.Enabled,
            PasswordHash = change.Password is { } password ? SignIns.Hash(password) : before.PasswordHash,
            FailedSignIns = change.Locked == false ? 0 : before.FailedSignIns,
            LockedUntil = change.Locked == false ? null : before.LockedUntil,
        };
        var ends = change.Password is not null || after.Role != before.Role || !after.Enabled;
        return await SaveAsync(before, after, ends, "user.updated", change.Password is null ? [] : ["password"], actor, stop);
    }

    /// <summary>Ties a user to the provider's subject, with the role the provider gives them.</summary>
    public Task<Outcome<User>> TieAsync(User before, string subject, string role, Actor actor, CancellationToken stop) =>
        SaveAsync(before, before with { Subject = subject, Role = role }, role != before.Role, "user.updated", [], actor, stop);

    /// <summary>Ends every session of a user; they may sign in again.</summary>
    public async Task<Outcome<User>> SignOutAsync(string id, Actor actor, CancellationToken stop) =>
        await store.UserAsync(id, stop) is { } user
            ? await SaveAsync(user, user, true, "user.signed_out", [], actor, stop)
            : new Outcome<User>.Missing();

    /// <summary>Removes a user and ends their sessions; one administrator always stays.</summary>
    public async Task<Outcome<User>> RemoveAsync(string id, int? expected, Actor actor, CancellationToken stop)
    {
        if (await store.UserAsync(id, stop) is not { } user) return new Outcome<User>.Missing();
        var entry = audit.Entry(actor, "user.deleted", id, UserView.Of(user, time.GetUtcNow()), null);
        return Of(await store.DeleteUserAsync(id, expected, entry, stop), user);
    }

    /// <summary>A new API token and the text that is shown once.</summary>
    public async Task<Outcome<(ApiToken Token, string Text)>> IssueTokenAsync(TokenInput input, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (Wrong(input, now) is { Count: > 0 } errors) return new Outcome<(ApiToken, string)>.Invalid(errors);
        var text = Keys.Token(Bearers.ApiTokenPrefix);
        var token = new ApiToken(Ids.New("tok", now), input.Name.Trim(), input.Role, Keys.Hash(text), actor.Name, now, input.ExpiresAt, null);
        await store.AddAsync(token, audit.Entry(actor, "token.created", token.Id, null, TokenView.Of(token)), stop);
        return new Outcome<(ApiToken, string)>.Done((token, text));
    }

    /// <summary>Revokes an API token at once.</summary>
    public async Task<Outcome<ApiToken>> RevokeTokenAsync(string id, Actor actor, CancellationToken stop)
    {
        var token = (await store.TokensAsync(stop)).FirstOrDefault(t => t.Id == id);
        return token is not null && await store.DeleteTokenAsync(id, audit.Entry(actor, "token.revoked", id, TokenView.Of(token), null), stop)
            ? new Outcome<ApiToken>.Done(token)
            : new Outcome<ApiToken>.Missing();
    }

    /// <summary>Every error of a new user.</summary>
    public static IReadOnlyList<FieldError> Wrong(UserInput input, ManageOptions options)
    {
        var errors = FieldErrors.Joined(InputCheck.Of(input), AccountRules.Check(input.Email, input.Password));
        return input.Password is null && options.SingleSignOn is null
            ? [.. errors, new("password", "required", "password is required: there is no single sign-on to use instead (SIGNAL_OIDC_AUTHORITY).")]
            : errors;
    }

    /// <summary>Every error of a new token.</summary>
    public static IReadOnlyList<FieldError> Wrong(TokenInput input, DateTimeOffset now)
    {
        var errors = InputCheck.Of(input).ToList();
        if (input.ExpiresAt <= now) errors.Add(new("expires_at", "range", "expires_at must lie in the future, or be left out for a token that does not expire."));
        // The audit log tells tokens by their names: nobody may act under one of these.
        if (Bearers.OwnNames.Contains(input.Name.Trim(), StringComparer.OrdinalIgnoreCase)) errors.Add(new("name", "reserved", $"name must not be {input.Name.Trim()}: the audit log calls Signal's own token so."));
        return errors;
    }

    private async Task<Outcome<User>> SaveAsync(User before, User after, bool endsSessions, string action, IEnumerable<string> secrets, Actor actor, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var next = after with { Revision = before.Revision + 1, Stamp = endsSessions ? NewStamp() : before.Stamp };
        return Of(await store.SaveAsync(next, audit.Entry(actor, action, next.Id, UserView.Of(before, now), UserView.Of(next, now), secrets), stop), next);
    }

    private static Outcome<User> Of(UserSaved saved, User user) => saved switch
    {
        UserSaved.Done => new Outcome<User>.Done(user),
        UserSaved.Stale => new Outcome<User>.Stale(),
        UserSaved.Taken => new Outcome<User>.Conflict("ALREADY_EXISTS", $"There is already a user with the address {user.Email}."),
        _ => new Outcome<User>.Conflict("LAST_ADMIN", "This is the last administrator. Make somebody else one first."),
    };

    private static string NewStamp() => Keys.Token("");
}
