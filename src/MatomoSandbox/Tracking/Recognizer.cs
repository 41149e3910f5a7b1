using System.Security.Cryptography;
using System.Text;
using MatomoSandbox.Php;
using MatomoSandbox.Recording;

namespace MatomoSandbox.Tracking;

/// <summary>Finds the visit a hit may belong to, and says whether it goes on or a new one begins.</summary>
internal sealed class Recognizer(SandboxOptions options, Store store)
{
    private const long Silence = 1800;
    private const int MostActions = 10000;

    /// <summary>By id first; by fingerprint only when neither <c>cid</c> speaks alone nor the id was found.</summary>
    public Visit? Find(Hit hit)
    {
        var byId = hit.Visitor is { } visitor ? store.LatestOf(hit.Site.Id, visitor, hit.Time + Silence) : null;
        var idOnly = hit.Visitor is not null && (options.TrustVisitorsCookies || (hit.User is null && hit.ForcedVisitor));
        var found = byId ?? (idOnly ? null : Like(hit));
        return found?.Actions >= MostActions ? null : found;
    }

    public bool BeginsNew(Hit hit, Visit known)
    {
        if (hit.Parameters.Whole("new_visit", 0) != 0 || known.Last <= hit.Time - Silence)
            return true;
        var otherUser = !options.UserIdOverwritesVisitorId && !PhpText.IsEmpty(hit.User) && known.UserId is not null && hit.User != known.UserId;
        if (otherUser || Day(known.Last, hit.Site) != Day(hit.Time, hit.Site))
            return true;
        var referrer = Referrer.Of(hit, known);
        return referrer.Type == Referrer.Campaign && known.ReferrerType != Referrer.Direct && referrer.DiffersFrom(known);
    }

    public static string Fingerprint(Hit hit)
    {
        string[] plugins = ["fla", "java", "qt", "realp", "pdf", "wma", "ag", "cookie"];
        var language = hit.Language.Length > 20 ? hit.Language[..20] : hit.Language;
        var parts = new[] { hit.Device.Os, hit.Device.Browser + hit.Device.Version, hit.Ip?.ToString() ?? "", language.ToLowerInvariant() }
            .Concat(plugins.Select(name => hit.Parameters.Whole(name, 0).ToString()))
            .Append(Day(hit.Time, hit.Site).ToString("O"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))), 0, 8);
    }

    // A user "0" keeps the id from deciding alone, and yet is nobody: any visit with the fingerprint will do.
    private Visit? Like(Hit hit) =>
        store.LatestLike(hit.Site.Id, Fingerprint(hit), hit.Time - Silence, hit.Time + Silence, PhpText.IsEmpty(hit.User) ? null : hit.User);

    private static DateOnly Day(long time, SandboxSite site)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(time), zone).DateTime);
    }
}
