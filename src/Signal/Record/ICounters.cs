namespace Signal.Record;

/// <summary>Counts what happens, for people and for metrics. Adding costs next to nothing; the counts reach the state store within a second.</summary>
public interface ICounters
{
    /// <summary>Adds to a count.</summary>
    /// <param name="scope">A source's or an integration's id.</param>
    /// <param name="name"><c>received, accepted, rejected:CODE, dropped:reason, duplicate, delivered, dead_letter, retry</c></param>
    /// <param name="by">How many.</param>
    void Add(string scope, string name, long by = 1);
}
