using System.Collections.Concurrent;
using Signal.Record;

namespace Signal.Tests.Fakes;

/// <summary>Counts in memory.</summary>
internal sealed class FakeCounters : ICounters
{
    private readonly ConcurrentDictionary<(string Scope, string Name), long> _counts = new();

    /// <summary>A count; 0 when nothing was counted.</summary>
    public long this[string scope, string name] => _counts.GetValueOrDefault((scope, name));

    public void Add(string scope, string name, long by = 1) => _counts.AddOrUpdate((scope, name), by, (_, before) => before + by);
}
