using System.Reflection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Signal.Tests.Hosting;

/// <summary>docs/operate/log-events.md lists the log events of the compiled program, each with a number of its own. That no line lacks one is a banned symbol's doing.</summary>
public class LogEventsTests
{
    private static readonly IReadOnlyList<(MethodInfo Method, LoggerMessageAttribute Event)> Events =
    [
        .. typeof(Signal.Events.Event).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(m => (Method: m, Event: m.GetCustomAttribute<LoggerMessageAttribute>()!))
            .Where(m => m.Event is not null)
            .OrderBy(m => m.Event.EventId),
    ];

    [Fact]
    public void Document_ListsEveryEvent_AsTheCodeHasIt()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs/operate/log-events.md")).Split('\n')
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(l[2]))
            .Select(l => string.Join(" | ", l.Split('|')[1..5].Select(c => c.Trim())));

        document.ShouldBe(Events.Select(e => $"{e.Event.EventId} | `{e.Method.Name}` | {e.Event.Level} | {e.Event.Message}"));
    }

    [Fact]
    public void Number_IsUsed_Once() =>
        Events.GroupBy(e => e.Event.EventId).Where(g => g.Count() > 1 || g.Key == 0).Select(g => g.Key).ShouldBeEmpty();
}
