using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Console.Parts;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>What a chart draws.</summary>
public class ChartTests : BunitContext
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public ChartTests()
    {
        Services.AddLogging().AddLocalization();
        Services.AddScoped<Reader>();
    }

    [Fact]
    public void Columns_OfOneStep_StandOnEachOther()
    {
        var chart = Draw(TimeSpan.FromMinutes(1), [new("Received", "blue", [8, 0])], [new("Bot", "brown", [2, 0]), new("Consent refused", "orange", [4, 0])]);

        var columns = chart.FindAll("rect.column");
        columns.Count.ShouldBe(2, "a step without drops has no column");
        (Number(columns[0], "y") - Number(columns[1], "y")).ShouldBe(Number(columns[1], "height"), 0.2);
        Number(columns[1], "height").ShouldBe(2 * Number(columns[0], "height"), 0.2);
    }

    [Fact]
    public void Legend_NamesEachLineAndColumnWithItsSum_AndSoDoesTheSentenceForScreenReaders()
    {
        var chart = Draw(TimeSpan.FromMinutes(1), [new("Received", "blue", [1200, 34])], [new("Bot", "brown", [2, 1])]);

        chart.FindAll(".keys > span").Select(k => k.TextContent.Trim()).ShouldBe(["Received 1,234", "Bot 3"]);
        chart.Find("svg").GetAttribute("aria-label").ShouldBe("Received: 1,234, Bot: 3");
    }

    [Theory]
    [InlineData(1, 60, "12:10 12:20 12:30 12:40 12:50")]
    [InlineData(15, 96, "16:00 20:00 00:00 04:00 08:00")]
    [InlineData(180, 56, "2 Mar 3 Mar 4 Mar 5 Mar 6 Mar 7 Mar 8 Mar")]
    public void Axis_IsMarkedAtRoundTimes(int stepMinutes, int steps, string marks)
    {
        var chart = Draw(TimeSpan.FromMinutes(stepMinutes), [new("Received", "blue", [.. Enumerable.Repeat(1L, steps)])], []);

        string.Join(" ", chart.FindAll("text[text-anchor=middle]").Select(t => t.TextContent)).ShouldBe(marks);
    }

    private static double Number(IElement element, string name) => double.Parse(element.GetAttribute(name)!, CultureInfo.InvariantCulture);

    private IRenderedComponent<Chart> Draw(TimeSpan step, ChartLine[] lines, ChartLine[] bars) => Render<Chart>(p => p
        .Add(c => c.Step, step)
        .Add(c => c.Times, [.. Enumerable.Range(0, lines[0].Values.Count).Select(i => Start + (i * step))])
        .Add(c => c.Lines, lines)
        .Add(c => c.Bars, bars));
}
