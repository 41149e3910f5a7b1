using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Signal.Manage.Changes;

/// <summary>Which dead letters to act on.</summary>
internal sealed record DeadLetterInput
{
    /// <summary>These dead letters.</summary>
    [MaxLength(500, ErrorMessage = "{0} must hold at most {1} ids; use all with reason for more.")]
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>All dead letters of the integration.</summary>
    public bool All { get; init; }

    /// <summary>Of these, only those with this reason.</summary>
    public string? Reason { get; init; }

    /// <summary>An edited event to send in place of the stored one; goes with exactly one id. Replay only.</summary>
    public JsonElement? Event { get; init; }
}
