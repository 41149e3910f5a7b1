using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Signal.Configure;

namespace Signal.Collect;

/// <summary>What the path asks of a configuration again and again, worked out once per snapshot.</summary>
internal sealed class SnapshotView
{
    private static readonly ConditionalWeakTable<ConfigurationSnapshot, SnapshotView> Views = [];

    private readonly FrozenDictionary<string, IReadOnlyList<Integration>> _integrations;
    private readonly FrozenDictionary<string, OriginRules> _origins;

    private SnapshotView(ConfigurationSnapshot snapshot)
    {
        var sources = snapshot.Sources.Values.Where(s => s.Enabled).ToList();
        _integrations = snapshot.Sources.Keys.ToFrozenDictionary(
            id => id, IReadOnlyList<Integration> (id) => [.. snapshot.IntegrationsBySource[id].Where(i => i.Enabled)]);
        _origins = snapshot.Sources.Values.ToFrozenDictionary(s => s.Id, s => new OriginRules(s));
        AllOrigins = [.. sources.Select(s => _origins[s.Id])];
        Scripts = sources.Where(s => s.Sdk.ScriptPath is not null)
            .DistinctBy(s => Slashed(s.Sdk.ScriptPath!)).ToFrozenDictionary(s => Slashed(s.Sdk.ScriptPath!));
        Prefixes = [.. sources.Select(s => s.Sdk.CollectPrefix).OfType<string>().Select(p => Slashed(p).TrimEnd('/')).Where(p => p.Length > 0).Distinct()];
    }

    /// <summary>The origin rules of every enabled source.</summary>
    internal IReadOnlyList<OriginRules> AllOrigins { get; }

    /// <summary>Sources by their own script's path.</summary>
    internal FrozenDictionary<string, Source> Scripts { get; }

    /// <summary>Sources' own prefixes, with a leading slash and without a trailing one.</summary>
    internal IReadOnlyList<string> Prefixes { get; }

    internal static SnapshotView Of(ConfigurationSnapshot snapshot) => Views.GetValue(snapshot, static s => new SnapshotView(s));

    /// <summary>The enabled integrations of a source.</summary>
    internal IReadOnlyList<Integration> IntegrationsOf(Source source) => _integrations[source.Id];

    /// <summary>The origins a source allows.</summary>
    internal OriginRules OriginsOf(Source source) => _origins[source.Id];

    private static string Slashed(string path) => path.StartsWith('/') ? path : $"/{path}";
}
