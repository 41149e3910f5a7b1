using MatomoSandbox;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>
/// Who is one visitor: the observed table, once as installed, once with <c>enable_userid_overwrites_visitorid=0</c>, once
/// with <c>trust_visitors_cookies=1</c>. Each case is two hits; the numbers are the visits they make.
/// </summary>
public sealed class VisitorTests
{
    private const string Chrome = "ua=Mozilla/5.0+(Windows+NT+10.0)+Chrome/119.0.0.0+Safari/537.36";
    private const string Firefox = "ua=Mozilla/5.0+(X11;+Linux+x86_64)+Gecko/20100101+Firefox/140.0";
    private const string Here = Chrome + "&cip=198.51.100.1";
    private const string Elsewhere = Firefox + "&cip=203.0.113.1";

    public static TheoryData<string, string, string, int, int, int> Cases => new()
    {
        { "two _id, same address and agent", Here + "&_id=00000000000000a1", Here + "&_id=00000000000000a2", 1, 1, 2 },
        { "two cid, same address and agent", Here + "&cid=00000000000000a1", Here + "&cid=00000000000000a2", 2, 2, 2 },
        { "same _id, address and agent change", Here + "&_id=00000000000000a1", Elsewhere + "&_id=00000000000000a1", 1, 1, 1 },
        { "same address and agent, other language", Here + "&lang=de", Here + "&lang=fr", 2, 2, 2 },
        { "anonymous, then uid, same place", Here + "&_id=00000000000000a1", Here + "&_id=00000000000000a1&uid=ann", 1, 1, 2 },
        { "anonymous, then uid, elsewhere", Here + "&_id=00000000000000a1", Elsewhere + "&_id=00000000000000a1&uid=ann", 2, 1, 2 },
        { "another person logs in behind the same address", Here + "&_id=00000000000000a1", Here + "&_id=00000000000000a2&uid=bob", 1, 1, 2 },
        { "two uids, same place", Here + "&uid=ann", Here + "&uid=bob", 2, 2, 2 },
        { "one uid on two devices", Here + "&cid=00000000000000a1&uid=ann", Elsewhere + "&cid=00000000000000a2&uid=ann", 1, 2, 1 },
        { "uid, then anonymous _id, same place", Here + "&uid=ann", Here + "&_id=00000000000000a1", 1, 1, 2 },
        { "cid, then another cid with uid 0, same place", Here + "&cid=00000000000000a1", Here + "&cid=00000000000000a2&uid=0", 1, 1, 2 },
        { "uid 0, then another cid, same place", Here + "&cid=00000000000000a1&uid=0", Here + "&cid=00000000000000a2", 2, 2, 2 },
        { "a user, then another cid with uid 0, same place", Here + "&cid=00000000000000a1&uid=ann", Here + "&cid=00000000000000a2&uid=0", 1, 1, 2 },
        { "uid 0, then a user, same place", Here + "&cid=00000000000000a1&uid=0", Here + "&cid=00000000000000a2&uid=ann", 2, 2, 2 },
        { "two cids with uid 0, same place", Here + "&cid=00000000000000a1&uid=0", Here + "&cid=00000000000000a2&uid=0", 1, 1, 2 },
        { "uid, then anonymous cid, same place", Here + "&uid=ann", Here + "&cid=00000000000000a1", 2, 2, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Track_TwoHits_MakeAsManyVisitsAsObserved(string name, string first, string second, int installed, int idsApart, int trusting)
    {
        name.ShouldNotBeEmpty();
        Visits(SandboxOptions.Recorded, first, second).ShouldBe(installed);
        Visits(SandboxOptions.Recorded with { UserIdOverwritesVisitorId = false }, first, second).ShouldBe(idsApart);
        Visits(SandboxOptions.Recorded with { TrustVisitorsCookies = true }, first, second).ShouldBe(trusting);
    }

    private static int Visits(SandboxOptions options, params string[] hits)
    {
        var matomo = new SandboxMatomo(options with { TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)) });
        foreach (var hit in hits)
            matomo.Track(TrackerRequest.Form($"idsite=1&rec=1&url=https://shop.example.com/&token_auth={new string('c', 32)}&{hit}")).Status.ShouldBe(200);
        return matomo.State().Visits.Count;
    }
}
