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

    [GeneratedRegex("""\b[lL]\["((?:[^"\\]|\\.)*)"[,\]]""")]
    private static partial Regex Literal();
}
