using System.Text.Json;
using Signal.Record;

namespace Signal.Deliver;

/// <summary>What a replay has to do, as it is stored. Either a range of each partition or dead letters.</summary>
internal sealed record ReplayWork
{
    /// <summary>For each partition the offset it starts after and the last one; empty for dead letters.</summary>
    public IReadOnlyList<ReplayRange> Ranges { get; init; } = [];

    /// <summary>Which events of the ranges.</summary>
    public ReplayFilter Filter { get; init; } = new();

    /// <summary>Dead letters by id, in the order of their events.</summary>
    public IReadOnlyList<string> DeadLetters { get; init; } = [];

    /// <summary>The event to send in place of the only dead letter's.</summary>
    public JsonElement? Edited { get; init; }

    /// <summary>Events a second at most.</summary>
    public double? Rate { get; init; }

    public string Write() => JsonSerializer.Serialize(this);

    public static ReplayWork Read(string text) => JsonSerializer.Deserialize<ReplayWork>(text)!;
}

/// <summary>A range of a partition.</summary>
internal sealed record ReplayRange(int Partition, long After, long Last);
