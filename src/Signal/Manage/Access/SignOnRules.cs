using Signal.State;

namespace Signal.Manage.Access;

/// <summary>What is to become of somebody the provider vouches for; pure.</summary>
internal static class SignOnRules
{
    /// <summary>Decides.</summary>
    /// <param name="options">The operator's rules.</param>
    /// <param name="person">What the provider says.</param>
    /// <param name="known">The user with this subject, or null.</param>
    /// <param name="namesake">The user with this address, or null.</param>
    public static SignOnDecision Decide(SingleSignOnOptions options, ProviderClaims person, User? known, User? namesake)
    {
        var user = known ?? namesake;
        if (user is { Enabled: false }) return Refuse(SignOnRefusal.Disabled);
        if (!IsAllowed(person.Email ?? known?.Email, options.Domains)) return Refuse(person.Email is null && known is null ? SignOnRefusal.NoEmail : SignOnRefusal.Domain);
        var mapped = MappedRole(options, person.Groups);
        var role = mapped ?? user?.Role ?? options.Roles.GetValueOrDefault(SingleSignOnOptions.Everybody);
        if (mapped is null && options.Roles.Count > 0 && !options.Roles.ContainsKey(SingleSignOnOptions.Everybody)) return Refuse(SignOnRefusal.NoRole);
        if (known is not null) return known.Role == role ? new SignOnDecision.Admit(known) : new SignOnDecision.Tie(known, role!);

        // From here on the address is what identifies: without the provider's word for it anybody could claim anybody's.
        if (person.Email is null) return Refuse(SignOnRefusal.NoEmail);
        if (!person.EmailVerified && !options.TrustEmail) return Refuse(SignOnRefusal.EmailNotVerified);
        if (namesake is { Subject: not null }) return Refuse(SignOnRefusal.OtherPerson);
        if (namesake is not null) return new SignOnDecision.Tie(namesake, role!);
        return role is null ? Refuse(SignOnRefusal.NotInvited) : new SignOnDecision.Add(person.Email, person.Name ?? person.Email, role);
    }

    private static SignOnDecision.Refuse Refuse(string reason) => new(reason);

    private static bool IsAllowed(string? email, IReadOnlyList<string> domains) =>
        domains.Count == 0 || (email is not null && domains.Contains(email[(email.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase));

    // The highest role any of the groups gives.
    private static string? MappedRole(SingleSignOnOptions options, IReadOnlyList<string> groups) =>
        Roles.All.LastOrDefault(role => groups.Any(g => g != SingleSignOnOptions.Everybody && options.Roles.GetValueOrDefault(g) == role));
}

/// <summary>What is to become of somebody.</summary>
internal abstract record SignOnDecision
{
    private SignOnDecision()
    {
    }

    /// <summary>They get in as they are.</summary>
    public sealed record Admit(User User) : SignOnDecision;

    /// <summary>They get in as this user, from now on known by the subject, with this role.</summary>
    public sealed record Tie(User User, string Role) : SignOnDecision;

    /// <summary>They become a user.</summary>
    public sealed record Add(string Email, string Name, string Role) : SignOnDecision;

    /// <summary>They do not get in.</summary>
    public sealed record Refuse(string Reason) : SignOnDecision;
}
