using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signal.Collect;

/// <summary>An error's envelope.</summary>
internal sealed record ErrorEnvelope(ErrorBody Error);

/// <summary>An error.</summary>
internal sealed record ErrorBody(string Code, string Message);

/// <summary>The answer to a batch; what was dropped on purpose counts as accepted.</summary>
internal sealed record BatchAnswer(bool Success, int Accepted, IReadOnlyList<BatchError> Errors);

/// <summary>What is wrong with one event of a batch.</summary>
internal sealed record BatchError(int Index, string Code, string Message);

/// <summary>How the answers are written, without reflection.</summary>
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class CollectJson : JsonSerializerContext
{
    /// <summary>As people read it: quotes and dots in messages stay themselves. Safe, because no answer is ever taken for HTML.</summary>
    internal static CollectJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
