using Microsoft.Extensions.Localization;
using Signal.Configure;

namespace Signal.Console.Data;

/// <summary>A consent policy in words.</summary>
internal static class ConsentWords
{
    public static IEnumerable<string> Of(ConsentPolicy policy, IStringLocalizer l)
    {
        yield return policy.Mode == ConsentMode.OptOut
            ? l["Events flow until the visitor refuses. Somebody who refuses analytics looks the same on the site, but their events are dropped and no cookie is set; the refusal is remembered until they agree."]
            : l["Nothing flows until the visitor agrees. Events before that are dropped, not kept for later."];
        yield return policy.Dnt switch
        {
            DntPolicy.Forward => l["Do Not Track is passed on: Matomo's own setting decides."],
            DntPolicy.Deny => l["Do Not Track counts as a refusal."],
            _ => l["Do Not Track is ignored."],
        };
        yield return policy.Gpc switch
        {
            GpcPolicy.DenyMarketing => l["Global Privacy Control refuses marketing and personalization."],
            GpcPolicy.DenyAll => l["Global Privacy Control refuses everything but essential."],
            _ => l["Global Privacy Control is ignored."],
        };
        if (policy.Categories.Count > 0)
            yield return l["Codes of the consent platform: {0}.", string.Join(", ", policy.Categories.Select(c => $"{c.Key} = {c.Value}"))];
    }
}
