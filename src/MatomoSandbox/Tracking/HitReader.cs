using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>Reads a hit in Matomo's order: time, site, place, address, exclusion, visitor.</summary>
internal sealed class HitReader(SandboxOptions options, SandboxFaults faults, Arrival arrival, Credentials credentials, long now)
{
    private const long TrustedAge = 86400;
    private const long OldestAge = 20L * 365 * 86400;
    private static readonly string[] PlaceNames = ["city", "region", "country", "lat", "long"];

    public Verdict Read(Entry entry, out Hit? hit)
    {
        hit = null;
        var parameters = entry.Parameters!;
        var siteId = (int)Math.Clamp(parameters.Whole("idsite", 0), 0, int.MaxValue);
        var site = options.Sites.FirstOrDefault(known => known.Id == siteId);
        if (site is null)
            return Verdict.UnknownSite;

        bool MayTrack() => credentials.MayTrack(entry.Token, site.Id);
        var time = Time(parameters);
        var isOld = now - time >= TrustedAge;
        var places = PlaceNames.Any(name => !PhpText.IsEmpty(parameters.Text(name)));
        var address = parameters.Text("cip");
        if ((isOld || places) && !MayTrack())
            return Verdict.Invalid;
        if (!PhpText.IsEmpty(address) && !MayTrack())
            return Verdict.Invalid;

        var ip = Address.Read(PhpText.IsEmpty(address) ? arrival.Request.RemoteAddress : address);
        var agent = Said(parameters, "ua", "User-Agent");
        var hints = parameters.Json("uadata") as PhpArray;
        if (ClientHints.AreFatal(hints))
            return Verdict.Fatal;
        var device = Device.Of(agent, hints);
        if (new Exclusion(options, site, faults, arrival.Request).Applies(parameters, ip, agent, device))
            return Verdict.Excluded;
        return Identify(options.UserIdOverwritesVisitorId, new Hit
        {
            Parameters = parameters,
            Site = site,
            Time = time,
            Ip = ip,
            Device = device,
            Language = Said(parameters, "lang", "Accept-Language"),
        }, out hit);
    }

    private string Said(Parameters parameters, string name, string header) =>
        parameters.Plain(name) is { Length: > 0 } said ? said : arrival.Request.Header(header) ?? "";

    private static Verdict Identify(bool userDecides, Hit read, out Hit? hit)
    {
        hit = null;
        var user = read.Parameters.Text("uid");
        var forced = read.Parameters.Text("cid");
        userDecides &= !PhpText.IsEmpty(user);
        if (!userDecides && !PhpText.IsEmpty(forced) && PhpText.Bytes(forced) != 16)
            return Verdict.Invalid;
        var own = read.Parameters.Text("_id");
        hit = read with
        {
            User = user.Length > 0 ? user : null,
            ForcedVisitor = forced.Length > 0,
            Visitor = userDecides ? Hash(user)
                : !PhpText.IsEmpty(forced) ? Hex(forced)
                : PhpText.Bytes(own) >= 16 ? Hex(own)
                : null,
        };
        return Verdict.Recorded;
    }

    // Times in the future, in milliseconds, unreadable or older than twenty years are taken for now.
    private long Time(Parameters parameters)
    {
        var text = parameters.Text("cdt");
        var offset = parameters.Whole("cdo", 0);
        if (PhpText.IsEmpty(text))
        {
            if (offset == 0)
                return now;
            text = now.ToString(CultureInfo.InvariantCulture);
        }
        var time = PhpNumber.IsNumeric(text) ? PhpNumber.ToDouble(text) : Instant(text);
        var shifted = time - Math.Abs(offset);
        return shifted <= now && shifted > now - OldestAge ? (long)shifted : now;
    }

    private static double Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.ToUnixTimeMilliseconds() / 1000
            : 0;

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "It is how Matomo derives a visitor id from a user id.")]
    private static string Hash(string user) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(user))).ToLowerInvariant()[..16];

    // What is no hex digit counts as 0.
    private static string Hex(string id) => string.Concat(
        Encoding.UTF8.GetBytes(id).Take(16).Select(letter => Uri.IsHexDigit((char)letter) ? char.ToLowerInvariant((char)letter) : '0'));
}
