using Signal.State;

namespace Signal.Console.Data;

/// <summary>What one search box can mean.</summary>
internal static class RecordSearch
{
    /// <summary>The readings of a text, most likely first; the first that finds something counts.</summary>
    public static IEnumerable<RecordFilter> Readings(RecordFilter filter, string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            yield return filter;
            yield break;
        }

        if (text.StartsWith("evt_", StringComparison.Ordinal)) yield return filter with { EventId = text };
        if (text.Length >= 16 && !text.Contains(' ', StringComparison.Ordinal))
        {
            yield return filter with { Visitor = text };
            yield return filter with { MessageId = text };
        }

        yield return filter with { Text = text };
        yield return filter with { Event = text };
        yield return filter with { MessageId = text };
    }
}
