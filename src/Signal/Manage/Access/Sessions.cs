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
    public Task<TokenPair> BeginAsync(User user, CancellationToken stop) => IssueAsync(user, Ids.New("ses", time.GetUtcNow()), stop);

    /// <summary>The next pair for a refresh token; null when it is unknown, expired or used before.</summary>
    public async Task<TokenPair?> RefreshAsync(string refreshToken, string? ip, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (await accounts.UseRefreshTokenAsync(Keys.Hash(refreshToken), now, stop) is not { } token) return null;
        if (token.UsedAt is not null)
        {
            await accounts.EndSessionAsync(token.Family, stop);
            await log.AppendAsync(audit.Entry(Actor.System with { Ip = ip }, "session.reuse_detected", token.UserId, null, null), stop);
            return null;
        }

        return token.ExpiresAt > now && await accounts.UserAsync(token.UserId, stop) is { } user ? await IssueAsync(user, token.Family, stop) : null;
    }

    /// <summary>Ends the session a refresh token belongs to; nothing happens when there is none.</summary>
    public async Task EndAsync(string refreshToken, CancellationToken stop)
    {
        if (await accounts.UseRefreshTokenAsync(Keys.Hash(refreshToken), time.GetUtcNow(), stop) is { } token) await accounts.EndSessionAsync(token.Family, stop);
    }

    private async Task<TokenPair> IssueAsync(User user, string session, CancellationToken stop)
    {
        var refresh = Keys.Token("rt_");
        await accounts.SaveAsync(new RefreshToken(Keys.Hash(refresh), session, user.Id, time.GetUtcNow() + options.RefreshTokenLife, null), stop);
        return new TokenPair(access.Write(user, session), refresh, (int)options.AccessTokenLife.TotalSeconds);
    }
}
