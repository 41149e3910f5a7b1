using System.Buffers;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Signal.Govern;

/// <summary>
/// Known bots by user agent, from the list <c>eng/bots/crawlers.txt</c> names its origin of. The list leaves out programs that are told
/// to send (HTTP libraries, curl) and automated browsers: whoever tests a shop with those wants to see the events arrive,
/// and Matomo counts them too. No user agent at all is not a bot.
/// </summary>
internal sealed partial class BotList
{
    // Nobody but an attacker brings more of them, or longer ones: those must not fill the memory.
    private const int MaxRemembered = 20_000;
    private const int LongestRemembered = 512;

    private static readonly Lazy<BotList> Embedded = new(() => new BotList(Lines()));

    private readonly SearchValues<string> _words;
    private readonly Regex _patterns;
    private readonly ConcurrentDictionary<string, string?> _remembered = new();
    private int _count;

    /// <summary>A list of regular expressions, one each.</summary>
    internal BotList(IReadOnlyCollection<string> patterns)
    {
        var words = patterns.Select(Word).OfType<string>().ToArray();
        _words = SearchValues.Create(words, StringComparison.Ordinal);
        var rest = patterns.Where(p => Word(p) is null).DefaultIfEmpty("(?!)");
        _patterns = new Regex(string.Join('|', rest), RegexOptions.CultureInvariant);
    }

    /// <summary>The list this build carries.</summary>
    internal static BotList Default => Embedded.Value;

    /// <summary>The words that give the bot away; null when the agent is none. Remembered per agent.</summary>
    internal string? Find(string? userAgent)
    {
        if (string.IsNullOrEmpty(userAgent)) return null;
        if (_remembered.TryGetValue(userAgent, out var known)) return known;
        var found = Search(userAgent);
        if (userAgent.Length > LongestRemembered) return found;
        if (Interlocked.Increment(ref _count) % MaxRemembered == 0) _remembered.Clear();
        _remembered[userAgent] = found;
        return found;
    }

    private string? Search(string userAgent)
    {
        var at = userAgent.AsSpan().IndexOfAny(_words);
        if (at >= 0) return userAgent.Substring(at, Math.Min(24, userAgent.Length - at));
        return _patterns.Match(userAgent) is { Success: true } match ? match.Value : null;
    }

    // Most patterns are plain words with escaped punctuation; those are found all at once, without a regular expression.
    private static string? Word(string pattern) =>
        PlainPattern().IsMatch(pattern) ? pattern.Replace("\\", "", StringComparison.Ordinal) : null;

    [GeneratedRegex(@"^(?:[^\\.\[\](){}*+?|^$]|\\[/.\-])+$")]
    private static partial Regex PlainPattern();

    private static List<string> Lines()
    {
        using var stream = typeof(BotList).Assembly.GetManifestResourceStream("bots/crawlers.txt")
            ?? throw new InvalidOperationException("The resource bots/crawlers.txt is missing from this build.");
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') lines.Add(line);
        return lines;
    }
}
