using System.Security.Claims;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>Lets people in whom the provider vouches for: finds, ties or adds their user, and audits it.</summary>
internal sealed class SingleSignOn(ManageOptions options, IAccountStore store, Accounts accounts, IAuditLog log, Audit audit, TimeProvider time)
{
    private const int MaxName = 200;
    private static readonly object Way = new { By = "single_sign_on" };

    /// <summary>Lets somebody in, or says why not.</summary>
    public async Task<SignOn> AdmitAsync(ClaimsPrincipal principal, string? ip, CancellationToken stop)
    {
        var provider = options.SingleSignOn ?? throw new InvalidOperationException("There is no provider.");
        if (ProviderClaims.Of(principal, provider.RoleClaim) is not { } person) return new SignOn.Refused(SignOnRefusal.Provider);
        var known = await store.UserBySubjectAsync(person.Subject, stop);
        var namesake = person.Email is { } email ? await store.UserByEmailAsync(email, stop) : null;
        // Foldings differ: an address that only looks the same after one (the Kelvin sign for a K) is another one.
        if (namesake?.Email.Equals(person.Email!.Trim(), StringComparison.OrdinalIgnoreCase) == false) namesake = null;
        var actor = new Actor(person.Email ?? known?.Email ?? person.Subject, known?.Role ?? namesake?.Role ?? "", known?.Id ?? namesake?.Id, ip);
        var admitted = SignOnRules.Decide(provider, person, known, namesake) switch
        {
            SignOnDecision.Admit a => new SignOn.Accepted(a.User),
            SignOnDecision.Tie t => Of(await accounts.TieAsync(t.User, person.Subject, t.Role, actor, stop)),
            SignOnDecision.Add a => Of(await accounts.AddAsync(new UserInput { Email = a.Email, Name = NameOf(a), Role = a.Role }, person.Subject, actor, stop)),
            SignOnDecision.Refuse r => new SignOn.Refused(r.Reason),
            var other => throw new InvalidOperationException($"No answer for {other.GetType().Name}."),
        };
        if (admitted is SignOn.Refused refused)
        {
            await log.AppendAsync(audit.Entry(actor, "user.sign_on_refused", actor.UserId ?? "unknown", null, new { refused.Reason }), stop);
            return refused;
        }

        var signedIn = ((SignOn.Accepted)admitted).User with { LastSignInAt = time.GetUtcNow() };
        var entry = audit.Entry(actor with { Role = signedIn.Role, UserId = signedIn.Id }, "user.signed_in", signedIn.Id, null, Way);
        return await store.MarkSignInAsync(signedIn, entry, stop) ? new SignOn.Accepted(signedIn) : new SignOn.Refused(SignOnRefusal.Provider);
    }

    // Providers let people choose any name; what can't be one here is no reason to keep somebody out.
    private static string NameOf(SignOnDecision.Add person)
    {
        var name = new string([.. person.Name.Where(c => !char.IsControl(c)).Take(MaxName)]).Trim();
        return name.Length > 0 && !char.IsHighSurrogate(name[^1]) ? name : person.Email;
    }

    private static SignOn Of(Outcome<User> outcome) => outcome switch
    {
        Outcome<User>.Done done => new SignOn.Accepted(done.Value),
        Outcome<User>.Conflict { Code: "LAST_ADMIN" } => new SignOn.Refused(SignOnRefusal.LastAdministrator),
        Outcome<User>.Invalid => new SignOn.Refused(SignOnRefusal.NoEmail),
        // Somebody changed the user at this moment; signing on again finds them as they are.
        _ => new SignOn.Refused(SignOnRefusal.Provider),
    };
}
