using System.Reflection;
using NetArchTest.Rules;
using Shouldly;
using Xunit;

namespace Signal.Tests.Layering;

/// <summary>The dependency rules of ARCHITECTURE.md, as they are in the compiled program.</summary>
public class LayeringTests
{
    private static readonly Assembly Program = typeof(Signal.Events.Event).Assembly;

    private static readonly string[] Rooms =
    [
        "Events", "Configure", "Govern", "Collect", "Log", "Map", "Deliver", "Record", "Destinations", "Manage", "Console", "State", "Watch", "Hosting",
    ];

    public static TheoryData<string, string> Forbidden()
    {
        var data = new TheoryData<string, string>();
        foreach (var room in Rooms.Where(r => r != "Events")) data.Add("Events", room);
        foreach (var room in Rooms.Except(["Govern", "Events", "Configure"])) data.Add("Govern", room);
        foreach (var room in Rooms.Except(["Map", "Events", "Configure"])) data.Add("Map", room);
        foreach (var room in Rooms.Except(["Destinations", "Map", "Events", "Configure"])) data.Add("Destinations", room);
        foreach (var room in new[] { "Map", "Deliver", "Destinations", "Manage", "Watch", "Console", "Hosting" }) data.Add("Collect", room);
        foreach (var room in new[] { "Collect", "Govern", "Manage", "Watch", "Console", "Hosting" }) data.Add("Deliver", room);
        foreach (var room in new[] { "Collect", "Govern", "Map", "Destinations", "Deliver", "Manage", "Console", "Hosting" }) data.Add("Watch", room);
        foreach (var room in new[] { "Collect", "Deliver", "Map", "Destinations", "Manage", "Watch", "Console", "Hosting" })
        {
            data.Add("Log", room);
            data.Add("State", room);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Room_DoesNotKnow_Other(string room, string other) =>
        Violations(Types.InAssembly(Program).That().ResideInNamespace($"Signal.{room}").ShouldNot().HaveDependencyOn($"Signal.{other}"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Signal.Log.Sqlite")]
    [InlineData("Signal.State.Sqlite")]
    [InlineData("Signal.State.Sql")]
    [InlineData("Signal.State.Secrets")]
    public void Implementation_IsNamed_OnlyByHosting(string implementation) =>
        Violations(Types.InAssembly(Program)
                .That().DoNotResideInNamespace("Signal.Hosting")
                .And().DoNotResideInNamespace("Signal.Log.Sqlite")
                .And().DoNotResideInNamespace("Signal.State.Sql")
                .And().DoNotResideInNamespace("Signal.State.Sqlite")
                .And().DoNotResideInNamespace("Signal.State.Secrets")
                .ShouldNot().HaveDependencyOn(implementation))
            .ShouldBeEmpty();

    [Fact]
    public void Matomo_IsNamed_OnlyByTheCatalog() =>
        Violations(Types.InAssembly(Program)
                .That().DoNotResideInNamespace("Signal.Destinations.Matomo")
                .And().DoNotHaveName("Catalog")
                .ShouldNot().HaveDependencyOn("Signal.Destinations.Matomo"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Govern")]
    [InlineData("Map")]
    [InlineData("Destinations")]
    public void PureRoom_HasNo_ClockOrIo(string room) =>
        Violations(Types.InAssembly(Program).That().ResideInNamespace($"Signal.{room}")
                .ShouldNot().HaveDependencyOnAny(
                    "System.TimeProvider",
                    "System.Net.Http",
                    "System.IO.File",
                    "System.IO.Directory",
                    "Microsoft.Extensions.DependencyInjection",
                    "Microsoft.AspNetCore",
                    "Microsoft.Data.Sqlite"))
            .ShouldBeEmpty();

    [Fact]
    public void Configuration_IsRead_OnlyInHosting() =>
        Violations(Types.InAssembly(Program).That().DoNotResideInNamespace("Signal.Hosting")
                .ShouldNot().HaveDependencyOn("Microsoft.Extensions.Configuration"))
            .ShouldBeEmpty();

    private static IEnumerable<string> Violations(ConditionList rule) =>
        rule.GetResult() is { IsSuccessful: false } result ? result.FailingTypeNames : [];
}
