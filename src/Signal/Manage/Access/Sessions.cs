using Signal.Events;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>What a client holds while signed in.</summary>
internal sealed record TokenPair(string AccessToken, string RefreshToken, int ExpiresIn);

/// <summary>Sessions of API clients: a family of refresh tokens, each used once. A token used twice was stolen: its whole family ends.</summary>
internal sealed class Sessions(IAccountStore accounts, IAuditLog log, Audit audit, AccessTokens access, ManageOptions options, TimeProvider time)
{
    /// <summary>Begins a session.</summary>
    public async Task<TokenPair> BeginAsync(User user, CancellationToken stop)
    {
        var (token, pair) = Issue(user, Ids.New("ses", time.GetUtcNow()));
        await accounts.BeginSessionAsync(token, stop);
        return pair;
    }

    /// <summary>The next pair for a refresh token; null when it is unknown, expired or used before.</summary>
    public async Task<TokenPair?> RefreshAsync(string refreshToken, string? ip, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (await accounts.UseRefreshTokenAsync(Keys.Hash(refreshToken), now, stop) is not { } used) return null;
        if (used.UsedAt is not null)
        {
            await accounts.EndSessionAsync(used.Family, stop);
            await log.AppendAsync(audit.Entry(Actor.System with { Ip = ip }, "session.reuse_detected", used.UserId, null, null), stop);
            return null;
        }

        if (used.ExpiresAt <= now || await accounts.UserAsync(used.UserId, stop) is not { Enabled: true } user) return null;
        var (token, pair) = Issue(user, used.Family);
        return await accounts.ContinueSessionAsync(token, stop) ? pair : null;
    }

    /// <summary>Ends a session at once, its access tokens too; nothing happens when there is none.</summary>
    public async Task EndAsync(string session, Actor actor, CancellationToken stop)
    {
        if (await accounts.EndSessionAsync(session, stop)) await log.AppendAsync(audit.Entry(actor, "user.signed_out", actor.UserId ?? session, null, null), stop);
    }

    /// <summary>Ends the session a refresh token belongs to; nothing happens when there is none.</summary>
    public async Task EndByTokenAsync(string refreshToken, string? ip, CancellationToken stop)
    {
        if (await accounts.UseRefreshTokenAsync(Keys.Hash(refreshToken), time.GetUtcNow(), stop) is not { } token) return;
        if (await accounts.UserAsync(token.UserId, stop) is { } user) await EndAsync(token.Family, new Actor(user.Email, user.Role, user.Id, ip), stop);
    }

    private (RefreshToken Token, TokenPair Pair) Issue(User user, string session)
    {
        var refresh = Keys.Token("rt_");
        return (new RefreshToken(Keys.Hash(refresh), session, user.Id, time.GetUtcNow() + options.RefreshTokenLife, null),
            new TokenPair(access.Write(user, session), refresh, (int)options.AccessTokenLife.TotalSeconds));
    }
}
