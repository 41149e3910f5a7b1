using System.ComponentModel.DataAnnotations;
using Signal.Record;

namespace Signal.Manage.Changes;

/// <summary>What to send again.</summary>
internal sealed record ReplayInput
{
    /// <summary>Events received at or after.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Events received before; now when left out.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Which of them; all when left out.</summary>
    public ReplayFilter? Filter { get; init; }

    /// <summary>Only count what would be sent.</summary>
    public bool DryRun { get; init; }

    /// <summary>Events a second at most; null for no limit.</summary>
    [Range(0.01, 100_000, ErrorMessage = "{0} must be between {1} and {2} events a second, or null for no limit.")]
    public double? Rate { get; init; }
}
