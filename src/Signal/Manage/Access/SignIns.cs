using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Signal.Manage.Changes;
using Signal.Manage.Http;
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

    /// <summary>Too many sign-ins from one client's network; none is looked at for <paramref name="Wait"/>.</summary>
    public sealed record Limited(TimeSpan Wait) : SignIn;

    /// <summary>Too many wrong passwords; not even the right one is taken for <paramref name="Wait"/>.</summary>
    public sealed record Locked(TimeSpan Wait) : SignIn;
}

/// <summary>
/// Checks passwords and locks accounts that are being guessed at, for API and console alike. Nothing of an answer, its time included,
/// tells whether there is an account under an address.
/// </summary>
internal sealed class SignIns(IAccountStore accounts, IAuditLog log, Audit audit, ManageOptions options, TimeProvider time) : IDisposable
{
    private const string Failed = "user.sign_in_failed";
    private static readonly PasswordHasher<string> Hasher = new();
    private static readonly Lazy<string> NobodysHash = new(() => Hash(Keys.Token("")));
    private readonly SemaphoreSlim _oneByOne = new(1, 1);
    private readonly Strangers _strangers = new(options);
    private readonly PartitionedRateLimiter<string> _networks = PartitionedRateLimiter.Create<string, string>(network => Gate.Window(network, options.SignInsPerMinute));

    /// <summary>What is kept of a password (PBKDF2 as ASP.NET Core Identity writes it).</summary>
    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <summary>Signs somebody in by address and password.</summary>
    public async Task<SignIn> CheckAsync(string email, string password, string? ip, CancellationToken stop)
    {
        // A lock keeps one account from being guessed at; this keeps many accounts from being tried with one password.
        using var lease = _networks.AttemptAcquire(ClientNetwork.Of(ip));
        return lease.IsAcquired
            ? await CheckAsync(email, password, ip, signsIn: true, stop)
            : new SignIn.Limited(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1));
    }

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
            var mayEnter = user is { PasswordHash: not null, Enabled: true };
            if ((mayEnter ? user!.LockedUntil : _strangers.LockedUntil(email)) is { } until && until > now) return new SignIn.Locked(until - now);
            // An unknown address takes as long as a wrong password, the line in the audit log included.
            var verdict = Hasher.VerifyHashedPassword("", mayEnter ? user!.PasswordHash! : NobodysHash.Value, password);
            if (user is not { PasswordHash: { } hash, Enabled: true }) return await FailAsync(user, email, ip, now, stop);
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
        await MarkAsync(after, locked ? "user.locked" : Failed, ip, stop);
        return locked ? new SignIn.Locked(options.LockFor) : new SignIn.Refused();
    }

    // The address is not written down: it may be a password typed into the wrong field.
    private async Task<SignIn> FailAsync(User? user, string email, string? ip, DateTimeOffset now, CancellationToken stop)
    {
        var actor = user is null ? new Actor("unknown", "", null, ip) : new Actor(user.Email, user.Role, user.Id, ip);
        await log.AppendAsync(audit.Entry(actor, Failed, user?.Id ?? "unknown", null, null), stop);
        return _strangers.Fail(email, now) ? new SignIn.Locked(options.LockFor) : new SignIn.Refused();
    }

    private Task<bool> MarkAsync(User user, string action, string? ip, CancellationToken stop) =>
        accounts.MarkSignInAsync(user, audit.Entry(new Actor(user.Email, user.Role, user.Id, ip), action, user.Id, null, null), stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        _oneByOne.Dispose();
        _networks.Dispose();
    }
}
