using System.Net;
using System.Security.Cryptography;
using System.Text;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>What is erased is gone: from every table, every file, and what was on its way.</summary>
public sealed class ErasureScenarioTests
{
    private static readonly object Goal99 = new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Erased_ByEitherId_NoFileOfTheDataDirectoryHoldsATrace(bool byUser)
    {
        await using var shop = await Shop.OpenAsync(integration: Goal99);
        var (visitor, other, user) = (Some.Visitor(), Some.Visitor(), $"customer-{Guid.NewGuid():N}");
        const string Email = "ada.lovelace.4711@example.com", Ip = "203.0.113.177";
        var from = new Dictionary<string, string> { ["X-Forwarded-For"] = Ip };
        await LiveAsync(shop, visitor, user, Email, from);
        await shop.RowAsync("dead_letter");

        // What waits while Matomo is down, and a replay of this visitor that is under way.
        shop.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };
        await shop.SendAsync("/v1/p", visitor, new { userId = user, properties = new { url = "https://shop.example.com/waiting" } }, headers: from);
        await shop.PageAsync(other, "/stays");
        await shop.BecomesAsync("retrying");
        await shop.Signal.PostAdminAsync($"integrations/{shop.IntegrationId}/replay", new { from = DateTimeOffset.UtcNow.AddHours(-1), filter = new { visitor } }, HttpStatusCode.Accepted);
        object key = byUser ? new { user_id = user } : new { anonymous_id = visitor };
        await shop.Signal.PostAdminAsync("visitors/export", key, HttpStatusCode.OK);
        string[] traces = [visitor, visitor.Replace("-", "")[..16], user, Email, Ip];
        traces.Where(t => InFiles(shop, t).Count > 0).ShouldBe(traces, "there must be something to erase");

        var receipt = await shop.Signal.PostAdminAsync("visitors/erase", key, HttpStatusCode.OK);

        foreach (var trace in traces) InFiles(shop, trace).ShouldBeEmpty($"{trace}; {receipt}");
        receipt.GetProperty("erased").EnumerateObject().Select(k => k.Name).ShouldBe(
            ["events", "records", "dead_letters", "visitors", "users", "orders", "replays", "consent"], ignoreOrder: true);

        // What stays: the receipt, with the hash of what was asked for; and everybody else.
        InFiles(shop, Hash(byUser ? user : visitor)).ShouldNotBeEmpty("the audit log proves the erasure");
        shop.Faults = new SandboxFaults();
        await Eventually.Async(() => Urls(shop), u => u.Contains("https://shop.example.com/stays"), () => $"the other visitor's page; the program printed:\n{shop.Signal.Output}");
        Urls(shop).ShouldNotContain("https://shop.example.com/waiting");
        foreach (var trace in traces) InFiles(shop, trace).ShouldBeEmpty(trace);
        (await shop.Signal.StopAsync()).ShouldBe(0);
        foreach (var trace in traces) InFiles(shop, trace).ShouldBeEmpty($"{trace} after the stop");
    }

    [Fact]
    public async Task Erased_WhoHadRefused_OnlyTheRefusalStays()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();
        await shop.PageAsync(visitor, "/seen");
        await shop.SettledAsync(1);
        await shop.SendAsync("/v1/p", visitor, new { context = new { consent = new { analytics = false } }, properties = new { url = "https://shop.example.com/refused" } });

        await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor }, HttpStatusCode.OK);

        InFiles(shop, "/seen").ShouldBeEmpty();
        var held = (await shop.Signal.GetAdminAsync($"visitors?anonymous_id={visitor}")).GetProperty("visitors")[0].GetProperty("held");
        held.GetRawText().ShouldBe("""{"consent":1}""");
        await shop.PageAsync(visitor, "/again");
        await shop.PageAsync(Some.Visitor(), "/other");
        await shop.RecordedAsync(2);
        shop.Paths.ShouldBe(["/seen", "/other"], "the refusal is remembered");
    }

    [Fact]
    public async Task Erased_WhileAHitIsOnItsWay_NothingOfItIsWrittenDown()
    {
        await using var shop = await Shop.OpenAsync();
        var visitor = Some.Visitor();
        shop.Faults = new SandboxFaults { Delay = new DelayFault { Ms = 3000, Times = 1 } };
        await shop.TrackAsync(visitor, "Product Added", new { sku = "A", price = 5, quantity = 1 });
        await Eventually.Async(() => shop.Sandbox.Matomo.Faults.Delay, d => d is null, () => "the hit to be on its way");

        await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor }, HttpStatusCode.OK);
        shop.State.Visits.ShouldBeEmpty("it must still be on its way");
        await Eventually.Async(() => shop.State.Visits.Count, n => n == 1, () => "Matomo to record it");

        // The lane settles it and goes on; a visitor who comes back is new.
        await shop.PageAsync(visitor, "/back");
        await Eventually.Async(() => Urls(shop), u => u.Contains("https://shop.example.com/back"), () => $"the next page; the program printed:\n{shop.Signal.Output}");
        var rows = await shop.SettledAsync(1);
        rows.ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("page");
        (await shop.Signal.GetAdminAsync($"visitors?anonymous_id={visitor}")).GetProperty("visitors")[0].GetProperty("held").GetProperty("events").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Erased_OrderToldAgain_IsStillCountedOnceAndItsIdStandsInNoFile()
    {
        await using var shop = await Shop.OpenAsync();
        var (visitor, order) = (Some.Visitor(), $"ORDER-{Guid.NewGuid():N}".ToUpperInvariant());
        await shop.TrackAsync(visitor, "Order Completed", new { order_id = order, revenue = 9 });
        await shop.SettledAsync(1);
        InFiles(shop, order).ShouldNotBeEmpty("there must be something to erase");

        var receipt = await shop.Signal.PostAdminAsync("visitors/erase", new { anonymous_id = visitor }, HttpStatusCode.OK);

        receipt.GetProperty("erased").GetProperty("orders").GetInt32().ShouldBe(1);
        InFiles(shop, order).ShouldBeEmpty();
        await shop.TrackAsync(Some.Visitor(), "Order Completed", new { order_id = order, revenue = 9 });
        (await shop.SettledAsync(1)).ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("duplicate_order");
        shop.State.Conversions.Count.ShouldBeLessThan(2, "the order, or nothing where Matomo erased it too");
    }

    // Everything a person leaves: consent, pages, traits, a cart, an order, a dead letter.
    private static async Task LiveAsync(Shop shop, string visitor, string user, string email, Dictionary<string, string> from)
    {
        await shop.SendAsync("/v1/p", visitor, new { context = new { consent = new { analytics = true } }, properties = new { url = "https://shop.example.com/" } }, headers: from);
        await shop.SendAsync("/v1/i", visitor, new { userId = user, traits = new { email } }, headers: from);
        await shop.SendAsync("/v1/t", visitor, new { userId = user, @event = "Order Completed", properties = new { order_id = "E-1", revenue = 9 } }, headers: from);
        await shop.SendAsync("/v1/t", visitor, new { userId = user, @event = "Product Added", properties = new { sku = "A", price = 5, quantity = 1 } }, headers: from);
        await shop.SendAsync("/v1/t", visitor, new { userId = user, @event = "Signed Up", traits = new { email } }, headers: from);
        await shop.SettledAsync(4);
    }

    private static List<string?> Urls(Shop shop) => [.. shop.State.Actions.Select(a => a.Url)];

    private static string Hash(string id) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";

    // The files as they lie on the disk, the write-ahead logs included.
    private static List<string> InFiles(Shop shop, string trace) =>
    [
        .. Directory.GetFiles(shop.Signal.DataDirectory, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "signal.lock" && Bytes(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(trace)) >= 0).Select(f => Path.GetFileName(f)!),
    ];

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
