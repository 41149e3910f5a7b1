using Signal.State;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeAccountStore : IAccountStore
{
    private readonly Dictionary<string, User> _users = [];
    private readonly Dictionary<string, ApiToken> _tokens = [];
    private readonly Dictionary<string, RefreshToken> _refresh = [];
    private readonly Lock _lock = new();

    public Task<IReadOnlyList<User>> UsersAsync(CancellationToken stop) => In<IReadOnlyList<User>>(() => [.. _users.Values.OrderBy(u => u.Email)]);

    public Task<User?> UserByEmailAsync(string email, CancellationToken stop) =>
        In(() => _users.Values.FirstOrDefault(u => u.Email.Equals(email, StringComparison.OrdinalIgnoreCase)));

    public Task<User?> UserAsync(string id, CancellationToken stop) => In(() => _users.GetValueOrDefault(id));

    public Task<bool> SaveAsync(User user, CancellationToken stop) => In(() =>
    {
        if (_users.Values.Any(u => u.Id != user.Id && u.Email.Equals(user.Email, StringComparison.OrdinalIgnoreCase))) return false;
        _users[user.Id] = user;
        return true;
    });

    public Task<bool> DeleteUserAsync(string id, CancellationToken stop) => In(() =>
    {
        foreach (var token in _refresh.Values.Where(t => t.UserId == id).ToList()) _refresh.Remove(token.Sha256);
        return _users.Remove(id);
    });

    public Task<IReadOnlyList<ApiToken>> TokensAsync(CancellationToken stop) => In<IReadOnlyList<ApiToken>>(() => [.. _tokens.Values.OrderByDescending(t => t.Id)]);

    public Task<ApiToken?> TokenByHashAsync(string sha256, CancellationToken stop) => In(() => _tokens.Values.FirstOrDefault(t => t.Sha256 == sha256));

    public Task SaveAsync(ApiToken token, CancellationToken stop) => In(() => _tokens[token.Id] = token);

    public Task<bool> DeleteTokenAsync(string id, CancellationToken stop) => In(() => _tokens.Remove(id));

    public Task SaveAsync(RefreshToken token, CancellationToken stop) => In(() => _refresh[token.Sha256] = token);

    public Task<RefreshToken?> UseRefreshTokenAsync(string sha256, DateTimeOffset at, CancellationToken stop) => In(() =>
    {
        if (!_refresh.TryGetValue(sha256, out var before)) return null;
        _refresh[sha256] = before with { UsedAt = before.UsedAt ?? at };
        return before;
    });

    public Task EndSessionAsync(string family, CancellationToken stop) => In(() =>
    {
        foreach (var token in _refresh.Values.Where(t => t.Family == family).ToList()) _refresh.Remove(token.Sha256);
        return true;
    });

    private Task<T> In<T>(Func<T> act)
    {
        lock (_lock) return Task.FromResult(act());
    }
}
