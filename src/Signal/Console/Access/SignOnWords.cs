using Microsoft.Extensions.Localization;
using Signal.Manage.Access;

namespace Signal.Console.Access;

/// <summary>Says to people why the provider's word did not let them in, and what to do.</summary>
internal static class SignOnWords
{
    public static string Of(string reason, IStringLocalizer<Words> l) => reason switch
    {
        SignOnRefusal.Unreachable => l["The sign-on service can't be reached at this moment. Try again later; Signal's log says why."],
        SignOnRefusal.NoEmail => l["The sign-on service does not tell your e-mail address. Ask an administrator to let it send the claim email."],
        SignOnRefusal.EmailNotVerified => l["The sign-on service does not vouch for your e-mail address. Verify the address there, then try again."],
        SignOnRefusal.Domain => l["Your e-mail address belongs to a domain that may not sign in here. Ask an administrator."],
        SignOnRefusal.NoRole => l["None of your groups has a role here. Ask an administrator to give you one."],
        SignOnRefusal.NotInvited => l["You are not a user here yet. Ask an administrator to add you."],
        SignOnRefusal.OtherPerson => l["Your e-mail address belongs to somebody else here. Ask an administrator."],
        SignOnRefusal.Disabled => l["Your account is disabled. Ask an administrator."],
        SignOnRefusal.LastAdministrator => l["Your new role would leave nobody to administer Signal. Make somebody else an administrator first."],
        _ => l["The sign-on did not work. Try again; Signal's log says why."],
    };
}
