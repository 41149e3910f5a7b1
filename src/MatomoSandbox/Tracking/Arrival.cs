using MatomoSandbox.Php;

namespace MatomoSandbox.Tracking;

/// <summary>A request taken apart: what came in the address, what in a form, and the entries it asks to track.</summary>
internal sealed class Arrival
{
    public required TrackerRequest Request { get; init; }

    public required PhpArray Get { get; init; }

    public required PhpArray Post { get; init; }

    /// <summary>Parameters of the address win over those of the form.</summary>
    public required PhpArray Both { get; init; }

    public required bool IsBulk { get; init; }

    /// <summary>Null entries are those PHP would call empty requests.</summary>
    public required IReadOnlyList<Entry> Entries { get; init; }

    /// <summary>Token at the top of a bulk, else in the address or form; it decides whether indices are told.</summary>
    public required string Token { get; init; }

    /// <summary>A bulk that asked for no answer.</summary>
    public bool Mute { get; init; }

    public bool BulkIsJson { get; init; }

    public bool IsGet => Request.Method == "GET";

    public bool NothingSent => Get.Count == 0 && Post.Count == 0;

    public bool WantsNoImage => Both["send_image"] is string text && text == "0";

    public string Origin => Request.Header("Origin") ?? "*";

    public bool IsPreflight => Request.Method == "OPTIONS"
        && (Request.Header("Access-Control-Request-Method") is not null || Request.Header("Access-Control-Request-Headers") is not null);
}

/// <summary>One thing to track.</summary>
/// <param name="Parameters">Its parameters; null when it is empty.</param>
/// <param name="Token">The token that speaks for it.</param>
internal sealed record Entry(Parameters? Parameters, string Token);
