namespace Signal.Manage.Access;

/// <summary>The OpenID Connect provider people may sign on with; the host reads it from the settings.</summary>
public sealed record SingleSignOnOptions
{
    /// <summary>Stands for everybody in <see cref="Roles"/>.</summary>
    public const string Everybody = "*";

    /// <summary>The issuer's address; its discovery document stands below it.</summary>
    public required Uri Authority { get; init; }

    /// <summary>How the provider knows Signal.</summary>
    public required string ClientId { get; init; }

    /// <summary>What proves it; null for a public client, which PKCE protects.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What is asked of the provider.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>What people call the provider; stands on the button.</summary>
    public string Label { get; init; } = "single sign-on";

    /// <summary>Domains an e-mail address must belong to; empty for any.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Take an address the provider does not mark as verified.</summary>
    public bool TrustEmail { get; init; }

    /// <summary>The claim that holds groups or roles; a path such as <c>realm_access.roles</c> reaches into an object.</summary>
    public string RoleClaim { get; init; } = "groups";

    /// <summary>A value of the claim to a role; empty: only people an administrator has added may sign on.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();
}
