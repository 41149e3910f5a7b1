using Signal.State;

namespace Signal.Manage.Access;

/// <summary>How a sign-on at the provider ended.</summary>
internal abstract record SignOn
{
    private SignOn()
    {
    }

    /// <summary>They are in.</summary>
    public sealed record Accepted(User User) : SignOn;

    /// <summary>They are not, for a reason of <see cref="SignOnRefusal"/>.</summary>
    public sealed record Refused(string Reason) : SignOn;
}

/// <summary>Why somebody who signed on at the provider does not get in. The console says each in words.</summary>
internal static class SignOnRefusal
{
    /// <summary>The provider can't be reached or is not one.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The provider refused, or the answer could not be trusted.</summary>
    public const string Provider = "provider";

    /// <summary>The provider tells no e-mail address.</summary>
    public const string NoEmail = "no_email";

    /// <summary>The provider does not vouch for the address.</summary>
    public const string EmailNotVerified = "email_not_verified";

    /// <summary>The address belongs to a domain that is not allowed.</summary>
    public const string Domain = "domain";

    /// <summary>None of their groups has a role here.</summary>
    public const string NoRole = "no_role";

    /// <summary>Nobody has added them.</summary>
    public const string NotInvited = "not_invited";

    /// <summary>The address is taken by somebody who signs on as another person.</summary>
    public const string OtherPerson = "other_person";

    /// <summary>An administrator has disabled them.</summary>
    public const string Disabled = "disabled";

    /// <summary>Their new role would leave nobody to administer.</summary>
    public const string LastAdministrator = "last_admin";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
        [Unreachable, Provider, NoEmail, EmailNotVerified, Domain, NoRole, NotInvited, OtherPerson, Disabled, LastAdministrator];
}
