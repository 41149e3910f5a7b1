using System.Text.Json;
using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IAuditLog"/> must do.</summary>
public abstract class AuditLogConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private IAuditLog Log => Stores.Audit;

    [Fact]
    public async Task Append_EveryField_ComesBack()
    {
        var entry = Audit() with
        {
            Changes = new Dictionary<string, AuditChange> { ["name"] = new(JsonSerializer.SerializeToElement("a"), JsonSerializer.SerializeToElement(new[] { 1, 2 })), ["gone"] = new(JsonSerializer.SerializeToElement(true), null) },
            Ip = null,
        };
        await Log.AppendAsync(entry, Stop);
        Reopen();
        JsonSerializer.Serialize((await Log.ListAsync(new AuditFilter(), Stop)).ShouldHaveSingleItem()).ShouldBe(JsonSerializer.Serialize(entry));
    }

    [Fact]
    public async Task List_FiltersAndPages()
    {
        for (var i = 0; i < 40; i++)
            await Log.AppendAsync(Audit(i, i % 2 == 0 ? "source.updated" : "integration.updated", i % 4 == 0 ? "bob" : "ada", $"r{i % 5}"), Stop);

        (await ListAsync(new AuditFilter(Limit: 3))).ShouldBe([39, 38, 37]);
        (await ListAsync(new AuditFilter(Before: Audit(37).Id, Limit: 2))).ShouldBe([36, 35]);
        (await ListAsync(new AuditFilter(Action: "source.updated", Limit: 100))).Count.ShouldBe(20);
        (await ListAsync(new AuditFilter(Actor: "bob", Limit: 100))).Count.ShouldBe(10);
        (await ListAsync(new AuditFilter(ResourceId: "r3", Actor: "ada", Limit: 100))).ShouldBe([38, 33, 23, 18, 13, 3]);
        (await ListAsync(new AuditFilter(From: Noon.AddSeconds(10), To: Noon.AddSeconds(13), Limit: 100))).ShouldBe([12, 11, 10]);
    }

    [Fact]
    public async Task Trim_RemovesTheOldOnly()
    {
        for (var i = 0; i < 20; i++) await Log.AppendAsync(Audit(i), Stop);
        (await Log.TrimAsync(Noon.AddSeconds(15), Stop)).ShouldBe(15);
        (await ListAsync(new AuditFilter(Limit: 100))).ShouldBe([19, 18, 17, 16, 15]);
    }

    private async Task<List<int>> ListAsync(AuditFilter filter) =>
        [.. (await Log.ListAsync(filter, Stop)).Select(e => int.Parse(e.Id.AsSpan(4)))];
}
