using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Signal.Console.Data;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Console;

/// <summary>Every text of the console stands in its resources.</summary>
public partial class WordsTests
{
    private static readonly string Folder = Path.Combine(Root(), "src", "Signal", "Console");

    [Fact]
    public void Resources_HoldEveryTextThePagesUse()
    {
        var held = XDocument.Load(Path.Combine(Folder, "Words.resx")).Root!.Elements("data").Select(d => d.Attribute("name")!.Value).ToHashSet();

        Used().Where(text => !held.Contains(text)).Order().ShouldBeEmpty();
    }

    // Of two names that differ by case alone the build keeps one.
    [Fact]
    public void Resources_HoldNoNameTwice() =>
        XDocument.Load(Path.Combine(Folder, "Words.resx")).Root!.Elements("data").Select(d => d.Attribute("name")!.Value)
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Fact]
    public void Pages_HoldNoTextOfTheirOwn()
    {
        var pages = Directory.EnumerateFiles(Folder, "*.razor", SearchOption.AllDirectories).Select(f => (File: Path.GetFileName(f), Markup: Markup(File.ReadAllText(f)))).ToList();

        pages.SelectMany(p => Between().Matches(p.Markup).Select(m => $"{p.File}: {m.Groups[1].Value.Trim()}").Where(t => !t.EndsWith(": Signal", StringComparison.Ordinal))).ShouldBeEmpty();
        pages.SelectMany(p => Spoken().Matches(p.Markup).Select(m => $"{p.File}: {m.Value}")).ShouldBeEmpty();
    }

    private static string Markup(string razor) => Comment().Replace(razor.Split("\n@code {")[0], "");

    private static IEnumerable<string> Used()
    {
        var files = Directory.EnumerateFiles(Folder, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal));
        var literal = files.SelectMany(f => Literal().Matches(File.ReadAllText(f)).Select(m => Regex.Unescape(m.Groups[1].Value)));
        return literal.Concat(TimeRange.All.Select(r => r.Label)).Concat(Roles.All).Distinct();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Signal.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("""@\*.*?\*@""", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("""(?<!=)>([^<>@{}"=;]*[A-Za-z]{2,}[^<>@{}"=;]*)<""")]
    private static partial Regex Between();

    [GeneratedRegex("""\b(aria-label|title|alt|Title|Text|Label|Never|EmptyText)="[^@"]*[A-Za-z]{2,}[^"]*\x22""")]
    private static partial Regex Spoken();

    [GeneratedRegex("""\b[lL]\["((?:[^"\\]|\\.)*)"[,\]]""")]
    private static partial Regex Literal();
}
