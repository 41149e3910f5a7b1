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

    /// <summary>Nobody signs in with a password here: the operator has switched it off.</summary>
    public sealed record Closed : SignIn;

    /// <summary>Too many wrong passwords; not even the right one is taken for <paramref name="Wait"/>.</summary>
    public sealed record Locked(TimeSpan Wait) : SignIn;
}

/// <summary>Checks passwords and locks accounts that are being guessed at, for API and console alike.</summary>
internal sealed class SignIns(IAccountStore accounts, Audit audit, ManageOptions options, TimeProvider time) : IDisposable
{
    private static readonly PasswordHasher<string> Hasher = new();
    private static readonly Lazy<string> NobodysHash = new(() => Hash(Keys.Token("")));
    private readonly SemaphoreSlim _oneByOne = new(1, 1);

    /// <summary>What is kept of a password (PBKDF2 as ASP.NET Core Identity writes it).</summary>
    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <summary>Signs somebody in by address and password.</summary>
    public Task<SignIn> CheckAsync(string email, string password, string? ip, CancellationToken stop) => CheckAsync(email, password, ip, signsIn: true, stop);

    /// <summary>Asks somebody who is signed in for their password again. A wrong one counts as it does at the door.</summary>
    public Task<SignIn> ConfirmAsync(string email, string password, string? ip, CancellationToken stop) => CheckAsync(email, password, ip, signsIn: false, stop);

    private async Task<SignIn> CheckAsync(string email, string password, string? ip, bool signsIn, CancellationToken stop)
    {
        if (!options.PasswordSignIn) return new SignIn.Closed();

        // One by one, so that parallel guesses count each; it also bounds what hashing may cost the collector beside us.
        await _oneByOne.WaitAsync(stop);
        try
        {
            var now = time.GetUtcNow();
            var user = await accounts.UserByEmailAsync(email.Trim(), stop);
            if (user?.LockedUntil is { } until && until > now) return new SignIn.Locked(until - now);
            // An unknown address takes as long as a wrong password.
            var verdict = Hasher.VerifyHashedPassword("", user?.PasswordHash ?? NobodysHash.Value, password);
            if (user is not { PasswordHash: { } hash, Enabled: true }) return new SignIn.Refused();
            if (verdict == PasswordVerificationResult.Failed) return await FailAsync(user, ip, now, stop);
            if (!signsIn) return new SignIn.Accepted(user);

            var signedIn = user with
            {
                FailedSignIns = 0,
                LockedUntil = null,
                LastSignInAt = now,
                PasswordHash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? Hash(password) : hash,
            };
            return await MarkAsync(signedIn, "user.signed_in", ip, stop) ? new SignIn.Accepted(signedIn) : new SignIn.Refused();
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    private async Task<SignIn> FailAsync(User user, string? ip, DateTimeOffset now, CancellationToken stop)
    {
        var failures = user.FailedSignIns + 1;
        var locked = failures >= options.FailuresUntilLock;
        var after = user with { FailedSignIns = locked ? 0 : failures, LockedUntil = locked ? now + options.LockFor : null };
        await MarkAsync(after, locked ? "user.locked" : "user.sign_in_failed", ip, stop);
        return locked ? new SignIn.Locked(options.LockFor) : new SignIn.Refused();
    }

    private Task<bool> MarkAsync(User user, string action, string? ip, CancellationToken stop) =>
        accounts.MarkSignInAsync(user, audit.Entry(new Actor(user.Email, user.Role, user.Id, ip), action, user.Id, null, null), stop);

    /// <inheritdoc/>
    public void Dispose() => _oneByOne.Dispose();
}
