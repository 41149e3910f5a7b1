using System.Data.Common;

namespace Signal.State.Sql;

/// <summary>Users, API tokens and sessions in SQL.</summary>
internal sealed class SqlAccountStore(IStateDatabase database, TimeProvider time) : IAccountStore
{
    private const string Administrator = "admin";
    private const string UserColumns = "id, email, name, role, password_hash, failed_sign_ins, locked_until, created_at, last_sign_in_at, revision, enabled, subject, stamp";
    private const string TokenColumns = "id, name, role, sha256, created_by, created_at, expires_at, last_used_at";

    public Task<IReadOnlyList<User>> UsersAsync(CancellationToken stop) => database.ReadAsync<IReadOnlyList<User>>(
        async s => await s.QueryAsync($"SELECT {UserColumns} FROM users ORDER BY email_key", ReadUser), stop);

    public Task<User?> UserByEmailAsync(string email, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {UserColumns} FROM users WHERE email_key=@email", ReadUser, ("@email", Fold(email))), stop);

    public Task<User?> UserAsync(string id, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {UserColumns} FROM users WHERE id=@id", ReadUser, ("@id", id)), stop);

    public Task<User?> UserBySubjectAsync(string subject, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {UserColumns} FROM users WHERE subject=@subject", ReadUser, ("@subject", subject)), stop);

    public async Task<UserSaved> SaveAsync(User user, AuditEntry entry, CancellationToken stop)
    {
        try
        {
            return await database.WriteAsync(s => SaveAsync(s, user, entry), stop);
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e))
        {
            return UserSaved.Taken;
        }
    }

    public Task<bool> MarkSignInAsync(User user, AuditEntry entry, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var marked = await s.ExecuteAsync(
                """
                UPDATE users SET failed_sign_ins=@failed, locked_until=@locked, last_sign_in_at=@last, password_hash=@hash
                WHERE id=@id AND revision=@revision
                """,
                ("@id", user.Id), ("@revision", user.Revision), ("@failed", user.FailedSignIns), ("@locked", user.LockedUntil.Ms()),
                ("@last", user.LastSignInAt.Ms()), ("@hash", user.PasswordHash)) == 1;
            if (marked) await s.AppendAsync(entry);
            return marked;
        },
        stop);

    public Task<UserSaved> DeleteUserAsync(string id, int? revision, AuditEntry entry, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            if (await s.FirstAsync($"SELECT {UserColumns} FROM users WHERE id=@id", ReadUser, ("@id", id)) is not { } user) return UserSaved.Stale;
            if (revision is not null && revision != user.Revision) return UserSaved.Stale;
            if (Administers(user) && !await HasOtherAdministratorAsync(s, id)) return UserSaved.LastAdministrator;
            await EndSessionsAsync(s, id);
            await s.ExecuteAsync("DELETE FROM users WHERE id=@id", ("@id", id));
            await s.AppendAsync(entry);
            return UserSaved.Done;
        },
        stop);

    public Task<IReadOnlyList<ApiToken>> TokensAsync(CancellationToken stop) => database.ReadAsync<IReadOnlyList<ApiToken>>(
        async s => await s.QueryAsync($"SELECT {TokenColumns} FROM api_tokens ORDER BY created_at DESC, id DESC", ReadToken), stop);

    public Task<ApiToken?> TokenByHashAsync(string sha256, CancellationToken stop) => database.ReadAsync(
        s => s.FirstAsync($"SELECT {TokenColumns} FROM api_tokens WHERE sha256=@sha256", ReadToken, ("@sha256", sha256)), stop);

    public Task AddAsync(ApiToken token, AuditEntry entry, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync(
                $"INSERT INTO api_tokens({TokenColumns}) VALUES(@id, @name, @role, @sha256, @by, @created, @expires, @used)",
                ("@id", token.Id), ("@name", token.Name), ("@role", token.Role), ("@sha256", token.Sha256), ("@by", token.CreatedBy),
                ("@created", token.CreatedAt.Ms()), ("@expires", token.ExpiresAt.Ms()), ("@used", token.LastUsedAt.Ms()));
            return await s.AppendAsync(entry);
        },
        stop);

    public Task MarkUsedAsync(string tokenId, DateTimeOffset at, CancellationToken stop) => database.WriteAsync(
        s => s.ExecuteAsync("UPDATE api_tokens SET last_used_at=@at WHERE id=@id", ("@at", at.Ms()), ("@id", tokenId)), stop);

    public Task<bool> DeleteTokenAsync(string id, AuditEntry entry, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var revoked = await s.ExecuteAsync("DELETE FROM api_tokens WHERE id=@id", ("@id", id)) == 1;
            if (revoked) await s.AppendAsync(entry);
            return revoked;
        },
        stop);

    // Sessions that ran out are swept here: nothing else would ever touch them again.
    public Task BeginSessionAsync(RefreshToken first, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync("DELETE FROM refresh_tokens WHERE user_id=@user AND expires_at<@now", ("@user", first.UserId), ("@now", time.GetUtcNow().Ms()));
            return await InsertAsync(s, first);
        },
        stop);

    public Task<bool> ContinueSessionAsync(RefreshToken next, CancellationToken stop) => database.WriteAsync(
        async s => await HasSessionAsync(s, next.Family) && await InsertAsync(s, next) == 1, stop);

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

    public Task<bool> HasSessionAsync(string family, CancellationToken stop) => database.ReadAsync(
        s => HasSessionAsync(s, family), stop);

    public Task<bool> EndSessionAsync(string family, CancellationToken stop) => database.WriteAsync(
        async s => await s.ExecuteAsync("DELETE FROM refresh_tokens WHERE family=@family", ("@family", family)) > 0, stop);

    private static async Task<UserSaved> SaveAsync(SqlSession s, User user, AuditEntry entry)
    {
        var before = await s.FirstAsync($"SELECT {UserColumns} FROM users WHERE id=@id", ReadUser, ("@id", user.Id));
        if ((before?.Revision ?? 0) != user.Revision - 1) return UserSaved.Stale;
        if (before is not null && Administers(before) && !Administers(user) && !await HasOtherAdministratorAsync(s, user.Id)) return UserSaved.LastAdministrator;
        if (before is not null && before.Stamp != user.Stamp) await EndSessionsAsync(s, user.Id);
        await s.ExecuteAsync(
            $"""
            INSERT INTO users({UserColumns}, email_key)
            VALUES(@id, @email, @name, @role, @hash, @failed, @locked, @created, @last, @revision, @enabled, @subject, @stamp, @folded)
            ON CONFLICT(id) DO UPDATE SET email=excluded.email, email_key=excluded.email_key, name=excluded.name, role=excluded.role,
                password_hash=excluded.password_hash, failed_sign_ins=excluded.failed_sign_ins, locked_until=excluded.locked_until,
                last_sign_in_at=excluded.last_sign_in_at, revision=excluded.revision, enabled=excluded.enabled, subject=excluded.subject,
                stamp=excluded.stamp
            """,
            ("@id", user.Id), ("@email", user.Email), ("@name", user.Name), ("@role", user.Role), ("@hash", user.PasswordHash),
            ("@failed", user.FailedSignIns), ("@locked", user.LockedUntil.Ms()), ("@created", user.CreatedAt.Ms()), ("@last", user.LastSignInAt.Ms()),
            ("@revision", user.Revision), ("@enabled", user.Enabled ? 1 : 0), ("@subject", user.Subject), ("@stamp", user.Stamp), ("@folded", Fold(user.Email)));
        await s.AppendAsync(entry);
        return UserSaved.Done;
    }

    private static Task<bool> HasSessionAsync(SqlSession s, string family) =>
        s.FirstAsync("SELECT 1 FROM refresh_tokens WHERE family=@family LIMIT 1", _ => true, ("@family", family));

    private static Task<int> InsertAsync(SqlSession s, RefreshToken token) => s.ExecuteAsync(
        "INSERT INTO refresh_tokens(sha256, family, user_id, expires_at, used_at) VALUES(@sha256, @family, @user, @expires, @used)",
        ("@sha256", token.Sha256), ("@family", token.Family), ("@user", token.UserId), ("@expires", token.ExpiresAt.Ms()), ("@used", token.UsedAt.Ms()));

    private static bool Administers(User user) => user is { Role: Administrator, Enabled: true };

    private static Task<bool> HasOtherAdministratorAsync(SqlSession s, string id) => s.FirstAsync(
        $"SELECT 1 FROM users WHERE role='{Administrator}' AND enabled=1 AND id<>@id LIMIT 1", _ => true, ("@id", id));

    private static Task<int> EndSessionsAsync(SqlSession s, string id) => s.ExecuteAsync("DELETE FROM refresh_tokens WHERE user_id=@id", ("@id", id));

    private static string Fold(string email) => email.Trim().ToLowerInvariant();

    private static User ReadUser(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetInt32(5),
        row.TimeOrNull(6), row.Time(7), row.TimeOrNull(8))
    {
        Revision = row.GetInt32(9),
        Enabled = row.GetInt32(10) == 1,
        Subject = row.TextOrNull(11),
        Stamp = row.GetString(12),
    };

    private static ApiToken ReadToken(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5), row.TimeOrNull(6), row.TimeOrNull(7));
}
