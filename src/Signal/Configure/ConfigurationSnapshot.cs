using System.Collections.Frozen;

namespace Signal.Configure;

/// <summary>The whole configuration at one moment: an immutable value, swapped atomically.</summary>
public sealed class ConfigurationSnapshot
{
    private readonly FrozenDictionary<string, Source> _byKey;

    /// <summary>A snapshot of these sources and integrations.</summary>
    /// <param name="version">Grows with every change.</param>
    /// <param name="sources">Every source, disabled ones too.</param>
    /// <param name="integrations">Every integration, disabled ones too.</param>
    public ConfigurationSnapshot(long version, IEnumerable<Source> sources, IEnumerable<Integration> integrations)
    {
        Version = version;
        Sources = sources.ToFrozenDictionary(s => s.Id);
        Integrations = integrations.ToFrozenDictionary(i => i.Id);
        IntegrationsBySource = Integrations.Values.ToLookup(i => i.SourceId);
        _byKey = Sources.Values
            .SelectMany(s => s.RetiredKeys.Select(k => k.Key).Append(s.PipelineKey).Distinct(), (s, key) => (s, key))
            .DistinctBy(p => p.key)
            .ToFrozenDictionary(p => p.key, p => p.s);
    }

    /// <summary>No sources, no integrations.</summary>
    public static ConfigurationSnapshot Empty { get; } = new(0, [], []);

    /// <summary>Grows with every change.</summary>
    public long Version { get; }

    /// <summary>By id.</summary>
    public FrozenDictionary<string, Source> Sources { get; }

    /// <summary>By id.</summary>
    public FrozenDictionary<string, Integration> Integrations { get; }

    /// <summary>By the source's id.</summary>
    public ILookup<string, Integration> IntegrationsBySource { get; }

    /// <summary>The enabled source a pipeline key belongs to, a retired key until its time; null when there is none.</summary>
    public Source? SourceOfKey(string key, DateTimeOffset now) =>
        _byKey.GetValueOrDefault(key) is { Enabled: true } source
        && (source.PipelineKey == key || source.RetiredKeys.Any(k => k.Key == key && k.Until > now))
            ? source
            : null;
}
