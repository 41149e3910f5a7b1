using System.Data.Common;

namespace Signal.State.Sql;

/// <summary>Users, API tokens and sessions in SQL.</summary>
internal sealed class SqlAccountStore(IStateDatabase database, TimeProvider time) : IAccountStore
{
    private const string UserColumns = "id, email, name, role, password_hash, failed_sign_ins, locked_until, created_at, last_sign_in_at";
    private const string TokenColumns = "id, name, role, sha256, created_by, created_at, expires_at, last_used_at";

    public Task<IReadOnlyList<User>> UsersAsync(CancellationToken stop) => database.ReadAsync<IReadOnlyList<User>>(
        async s => await s.QueryAsync($"SELECT {UserColumns} FROM users ORDER BY email_key", ReadUser), stop);

    public Task<User?> UserByEmailAsync(string email, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {UserColumns} FROM users WHERE email_key=@email", ReadUser, ("@email", Fold(email))), stop);

    public Task<User?> UserAsync(string id, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {UserColumns} FROM users WHERE id=@id", ReadUser, ("@id", id)), stop);

    public async Task<bool> SaveAsync(User user, CancellationToken stop)
    {
        try
        {
            return await database.WriteAsync(
                async s => await s.ExecuteAsync(
                    $"""
                    INSERT INTO users({UserColumns}, email_key) VALUES(@id, @email, @name, @role, @hash, @failed, @locked, @created, @last, @folded)
                    ON CONFLICT(id) DO UPDATE SET email=excluded.email, email_key=excluded.email_key, name=excluded.name, role=excluded.role,
                        password_hash=excluded.password_hash, failed_sign_ins=excluded.failed_sign_ins, locked_until=excluded.locked_until,
                        last_sign_in_at=excluded.last_sign_in_at
                    """,
                    ("@id", user.Id), ("@email", user.Email), ("@name", user.Name), ("@role", user.Role), ("@hash", user.PasswordHash),
                    ("@failed", user.FailedSignIns), ("@locked", user.LockedUntil.Ms()), ("@created", user.CreatedAt.Ms()),
                    ("@last", user.LastSignInAt.Ms()), ("@folded", Fold(user.Email))) == 1,
                stop);
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e))
        {
            return false;
        }
    }

    public Task<bool> DeleteUserAsync(string id, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync("DELETE FROM refresh_tokens WHERE user_id=@id", ("@id", id));
            return await s.ExecuteAsync("DELETE FROM users WHERE id=@id", ("@id", id)) == 1;
        },
        stop);

    public Task<IReadOnlyList<ApiToken>> TokensAsync(CancellationToken stop) => database.ReadAsync<IReadOnlyList<ApiToken>>(
        async s => await s.QueryAsync($"SELECT {TokenColumns} FROM api_tokens ORDER BY created_at DESC, id DESC", ReadToken), stop);

    public Task<ApiToken?> TokenByHashAsync(string sha256, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {TokenColumns} FROM api_tokens WHERE sha256=@sha256", ReadToken, ("@sha256", sha256)), stop);

    public Task SaveAsync(ApiToken token, CancellationToken stop) => database.WriteAsync(
        s => s.ExecuteAsync(
            $"""
            INSERT INTO api_tokens({TokenColumns}) VALUES(@id, @name, @role, @sha256, @by, @created, @expires, @used)
            ON CONFLICT(id) DO UPDATE SET name=excluded.name, role=excluded.role, sha256=excluded.sha256, expires_at=excluded.expires_at,
                last_used_at=excluded.last_used_at
            """,
            ("@id", token.Id), ("@name", token.Name), ("@role", token.Role), ("@sha256", token.Sha256), ("@by", token.CreatedBy),
            ("@created", token.CreatedAt.Ms()), ("@expires", token.ExpiresAt.Ms()), ("@used", token.LastUsedAt.Ms())),
        stop);

    public Task<bool> DeleteTokenAsync(string id, CancellationToken stop) => database.WriteAsync(
        async s => await s.ExecuteAsync("DELETE FROM api_tokens WHERE id=@id", ("@id", id)) == 1, stop);

    // Sessions that ran out are swept here: nothing else would ever touch them again.
    public Task SaveAsync(RefreshToken token, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync(
                "DELETE FROM refresh_tokens WHERE user_id=@user AND expires_at<@now", ("@user", token.UserId), ("@now", time.GetUtcNow().Ms()));
            return await s.ExecuteAsync(
                "INSERT INTO refresh_tokens(sha256, family, user_id, expires_at, used_at) VALUES(@sha256, @family, @user, @expires, @used)",
                ("@sha256", token.Sha256), ("@family", token.Family), ("@user", token.UserId), ("@expires", token.ExpiresAt.Ms()), ("@used", token.UsedAt.Ms()));
        },
        stop);

    public Task<RefreshToken?> UseRefreshTokenAsync(string sha256, DateTimeOffset at, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var before = await s.FirstAsync(
                "SELECT sha256, family, user_id, expires_at, used_at FROM refresh_tokens WHERE sha256=@sha256",
                row => new RefreshToken(row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.TimeOrNull(4)), ("@sha256", sha256));
            await s.ExecuteAsync(
                "UPDATE refresh_tokens SET used_at=@at WHERE sha256=@sha256 AND used_at IS NULL", ("@at", at.Ms()), ("@sha256", sha256));
            return before;
        },
        stop);

    public Task EndSessionAsync(string family, CancellationToken stop) => database.WriteAsync(
        s => s.ExecuteAsync("DELETE FROM refresh_tokens WHERE family=@family", ("@family", family)), stop);

    private static string Fold(string email) => email.Trim().ToLowerInvariant();

    private static User ReadUser(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetInt32(5),
        row.TimeOrNull(6), row.Time(7), row.TimeOrNull(8));

    private static ApiToken ReadToken(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5), row.TimeOrNull(6), row.TimeOrNull(7));
}
