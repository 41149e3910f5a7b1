using Signal.State;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeAccountStore(FakeAuditLog audit) : IAccountStore
{
    private readonly Dictionary<string, User> _users = [];
    private readonly Dictionary<string, ApiToken> _tokens = [];
    private readonly Dictionary<string, RefreshToken> _refresh = [];
    private readonly Lock _lock = new();

    public Task<IReadOnlyList<User>> UsersAsync(CancellationToken stop) => In<IReadOnlyList<User>>(() => [.. _users.Values.OrderBy(u => u.Email)]);

    public Task<User?> UserByEmailAsync(string email, CancellationToken stop) =>
        In(() => _users.Values.FirstOrDefault(u => Fold(u.Email) == Fold(email)));

    public Task<User?> UserBySubjectAsync(string subject, CancellationToken stop) => In(() => _users.Values.FirstOrDefault(u => u.Subject == subject));

    public Task<User?> UserAsync(string id, CancellationToken stop) => In(() => _users.GetValueOrDefault(id));

    public Task<UserSaved> SaveAsync(User user, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        var before = _users.GetValueOrDefault(user.Id);
        if ((before?.Revision ?? 0) != user.Revision - 1) return UserSaved.Stale;
        if (before is not null && IsLastAdministrator(before) && user is not { Role: "admin", Enabled: true }) return UserSaved.LastAdministrator;
        if (_users.Values.Any(u => u.Id != user.Id && Fold(u.Email) == Fold(user.Email))) return UserSaved.Taken;
        if (before is not null && before.Stamp != user.Stamp) EndSessions(user.Id);
        _users[user.Id] = user;
        audit.Append(entry);
        return UserSaved.Done;
    });

    public Task<bool> MarkSignInAsync(User user, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        if (_users.GetValueOrDefault(user.Id)?.Revision != user.Revision) return false;
        _users[user.Id] = user;
        audit.Append(entry);
        return true;
    });

    public Task<UserSaved> DeleteUserAsync(string id, int? revision, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        if (!_users.TryGetValue(id, out var user) || (revision is not null && revision != user.Revision)) return UserSaved.Stale;
        if (IsLastAdministrator(user)) return UserSaved.LastAdministrator;
        EndSessions(id);
        _users.Remove(id);
        audit.Append(entry);
        return UserSaved.Done;
    });

    public Task<IReadOnlyList<ApiToken>> TokensAsync(CancellationToken stop) => In<IReadOnlyList<ApiToken>>(() => [.. _tokens.Values.OrderByDescending(t => t.Id)]);

    public Task<ApiToken?> TokenByHashAsync(string sha256, CancellationToken stop) => In(() => _tokens.Values.FirstOrDefault(t => t.Sha256 == sha256));

    public Task AddAsync(ApiToken token, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        _tokens[token.Id] = token;
        audit.Append(entry);
        return true;
    });

    public Task MarkUsedAsync(string tokenId, DateTimeOffset at, CancellationToken stop) => In(() =>
    {
        if (_tokens.TryGetValue(tokenId, out var token)) _tokens[tokenId] = token with { LastUsedAt = at };
        return true;
    });

    public Task<bool> DeleteTokenAsync(string id, AuditEntry entry, CancellationToken stop) => In(() =>
    {
        var revoked = _tokens.Remove(id);
        if (revoked) audit.Append(entry);
        return revoked;
    });

    public Task BeginSessionAsync(RefreshToken first, CancellationToken stop) => In(() => _refresh[first.Sha256] = first);

    public Task<bool> ContinueSessionAsync(RefreshToken next, CancellationToken stop) => In(() =>
    {
        var alive = Has(next.Family);
        if (alive) _refresh[next.Sha256] = next;
        return alive;
    });

    public Task<RefreshToken?> UseRefreshTokenAsync(string sha256, DateTimeOffset at, CancellationToken stop) => In(() =>
    {
        if (!_refresh.TryGetValue(sha256, out var before)) return null;
        _refresh[sha256] = before with { UsedAt = before.UsedAt ?? at };
        return before;
    });

    public Task<bool> HasSessionAsync(string family, CancellationToken stop) => In(() => Has(family));

    public Task<bool> EndSessionAsync(string family, CancellationToken stop) => In(() =>
    {
        var ended = Has(family);
        foreach (var token in _refresh.Values.Where(t => t.Family == family).ToList()) _refresh.Remove(token.Sha256);
        return ended;
    });

    // As the SQL store does it.
    private static string Fold(string email) => email.Trim().ToLowerInvariant();

    private bool Has(string family) => _refresh.Values.Any(t => t.Family == family);

    private bool IsLastAdministrator(User user) =>
        user is { Role: "admin", Enabled: true } && _users.Values.Count(u => u is { Role: "admin", Enabled: true }) == 1;

    private void EndSessions(string userId)
    {
        foreach (var token in _refresh.Values.Where(t => t.UserId == userId).ToList()) _refresh.Remove(token.Sha256);
    }

    private Task<T> In<T>(Func<T> act)
    {
        lock (_lock) return Task.FromResult(act());
    }
}
