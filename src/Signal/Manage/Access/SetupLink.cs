using System.Security.Cryptography;
using System.Text;
using Signal.Manage.Changes;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>The one-time way in while there is no user.</summary>
internal interface ISetupLink
{
    /// <summary>The token to print as <c>/setup?token=…</c>; null when there are users already.</summary>
    string? Token { get; }
}

/// <summary>Makes the first administrator: from the settings, or by a one-time token the host prints.</summary>
internal sealed class SetupLink(Accounts accounts, IAccountStore store, ManageOptions options) : ISetupLink, IHostedService, IDisposable
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private volatile string? _token;

    /// <inheritdoc/>
    public string? Token => _token;

    /// <summary>Makes the first administrator. Missing: the token is wrong or was used.</summary>
    public async Task<Outcome<User>> RedeemAsync(SetupInput input, string? ip, CancellationToken stop)
    {
        await _once.WaitAsync(stop);
        try
        {
            if (_token is not { } token || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(input.Token)))
                return new Outcome<User>.Missing();
            return await accounts.AddAsync(First(input.Email, input.Name, input.Password), new Actor(input.Email, Roles.Admin, null, ip), stop);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Looks whether there is a user. Throws when the settings' administrator can't be made.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((await store.UsersAsync(cancellationToken)).Count > 0) return;
        if (options.AdminEmail is not { } email || options.AdminPassword is not { } password)
        {
            // Whoever becomes the first user, by this link or by an API token: it opens nothing from then on.
            accounts.Added += () => _token = null;
            _token = Keys.Token("setup_");
            return;
        }

        if (await accounts.AddAsync(First(email, "Administrator", password), Actor.System, cancellationToken) is Outcome<User>.Invalid invalid)
            throw new InvalidOperationException($"The first administrator's settings can't be used: {string.Join(" ", invalid.Errors.Select(e => e.Message))}");
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _once.Dispose();

    private static UserInput First(string email, string name, string password) =>
        new() { Email = email, Name = name, Role = Roles.Admin, Password = password };
}

/// <summary>The first administrator.</summary>
internal sealed record SetupInput
{
    /// <summary>From the link that was printed at the first start.</summary>
    public required string Token { get; init; }

    /// <summary>Where to sign in with.</summary>
    public required string Email { get; init; }

    /// <summary>What people call you.</summary>
    [System.ComponentModel.DataAnnotations.StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    [OneLine]
    public required string Name { get; init; }

    /// <summary>At least 10 characters.</summary>
    public required string Password { get; init; }
}
