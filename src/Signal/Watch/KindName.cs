using System.Text.Json;
using Signal.State;

namespace Signal.Watch;

/// <summary>A kind as API, metrics and log name it.</summary>
internal static class KindName
{
    private static readonly Dictionary<AlertKind, string> Names = Enum.GetValues<AlertKind>().ToDictionary(k => k, k => JsonSerializer.Serialize(k).Trim('"'));

    /// <summary><c>delivery_failing</c></summary>
    public static string Of(AlertKind kind) => Names[kind];
}
