using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>
/// Matomo's page timings, in whole milliseconds. A browser tells the marks of its navigation timing (<c>context.performance</c>:
/// <c>fetchStart</c>, <c>connectEnd</c>, …), 0 where it had not got there yet; Matomo wants what lies between them.
/// </summary>
internal static class PageTimings
{
    private static readonly (string Field, string From, string To)[] Spans =
    [
        ("pf_net", "fetchStart", "connectEnd"),
        ("pf_srv", "requestStart", "responseStart"),
        ("pf_tfr", "responseStart", "responseEnd"),
        ("pf_dm1", "responseEnd", "domInteractive"),
        ("pf_dm2", "domInteractive", "domComplete"),
        ("pf_onl", "loadEventStart", "loadEventEnd"),
    ];

    /// <summary>Adds the spans whose marks are known as <c>context.performance.pf_…</c>; one that the event gives itself stays.</summary>
    internal static void Compute(Facts facts)
    {
        foreach (var (field, from, to) in Spans)
        {
            var path = $"context.performance.{field}";
            if (facts.At(path) is null && Mark(facts, from) is { } began && Mark(facts, to) is { } ended && ended >= began)
                facts.Set(path, Value.Of(decimal.Round(ended - began)));
        }
    }

    private static decimal? Mark(Facts facts, string name) =>
        facts.At($"context.performance.{name}") is { } mark && Numbers.Parse(mark.Text) is { } time and > 0 ? time : null;
}
