using Microsoft.AspNetCore.Identity;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>How a sign-in ended.</summary>
internal abstract record SignIn
{
    private SignIn()
    {
    }

    /// <summary>The password is right.</summary>
    public sealed record Accepted(User User) : SignIn;

    /// <summary>Address or password is wrong; which one is not told.</summary>
    public sealed record Refused : SignIn;

    /// <summary>Too many wrong passwords; not even the right one is taken for <paramref name="Wait"/>.</summary>
    public sealed record Locked(TimeSpan Wait) : SignIn;
}

/// <summary>Checks passwords and locks accounts that are being guessed at, for API and console alike.</summary>
internal sealed class SignIns(IAccountStore accounts, IAuditLog log, Audit audit, ManageOptions options, TimeProvider time) : IDisposable
{
    private static readonly PasswordHasher<string> Hasher = new();
    private static readonly Lazy<string> NobodysHash = new(() => Hash(Keys.Token("")));
    private readonly SemaphoreSlim _oneByOne = new(1, 1);

    /// <summary>What is kept of a password (PBKDF2 as ASP.NET Core Identity writes it).</summary>
    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <summary>Checks an address and a password.</summary>
    public async Task<SignIn> CheckAsync(string email, string password, string? ip, CancellationToken stop)
    {
        // One by one, so that parallel guesses count each; it also bounds what hashing may cost the collector beside us.
        await _oneByOne.WaitAsync(stop);
        try
        {
            var now = time.GetUtcNow();
            var user = await accounts.UserByEmailAsync(email.Trim(), stop);
            if (user?.LockedUntil is { } until && until > now) return new SignIn.Locked(until - now);
            // An unknown address takes as long as a wrong password.
            var verdict = Hasher.VerifyHashedPassword("", user?.PasswordHash ?? NobodysHash.Value, password);
            if (user?.PasswordHash is null || verdict == PasswordVerificationResult.Failed) return await FailAsync(user, ip, now, stop);

            var signedIn = user with { FailedSignIns = 0, LockedUntil = null, LastSignInAt = now };
            if (verdict == PasswordVerificationResult.SuccessRehashNeeded) signedIn = signedIn with { PasswordHash = Hash(password) };
            await accounts.SaveAsync(signedIn, stop);
            await log.AppendAsync(audit.Entry(new Actor(user.Email, user.Role, user.Id, ip), "user.signed_in", user.Id, null, null), stop);
            return new SignIn.Accepted(signedIn);
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    private async Task<SignIn> FailAsync(User? user, string? ip, DateTimeOffset now, CancellationToken stop)
    {
        if (user is null) return new SignIn.Refused();
        var failures = user.FailedSignIns + 1;
        var locked = failures >= options.FailuresUntilLock;
        await accounts.SaveAsync(user with { FailedSignIns = locked ? 0 : failures, LockedUntil = locked ? now + options.LockFor : null }, stop);
        var actor = new Actor(user.Email, user.Role, user.Id, ip);
        await log.AppendAsync(audit.Entry(actor, locked ? "user.locked" : "user.sign_in_failed", user.Id, null, null), stop);
        return locked ? new SignIn.Locked(options.LockFor) : new SignIn.Refused();
    }

    /// <inheritdoc/>
    public void Dispose() => _oneByOne.Dispose();
}
