using System.ComponentModel.DataAnnotations;
using Signal.Manage.Http;
using Signal.State;

namespace Signal.Manage.Alerts;

/// <summary>A channel as people state it.</summary>
internal record AlertChannelInput
{
    /// <summary>What people call it.</summary>
    [StringLength(100, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 100 characters.")]
    [OneLine]
    public required string Name { get; init; }

    /// <summary>How people are told.</summary>
    public required AlertChannelType Type { get; init; }

    /// <summary>A disabled channel is told nothing.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>email: up to 20 addresses. The server is set by SIGNAL_SMTP_HOST.</summary>
    [MaxLength(20, ErrorMessage = "{0} must have at most {1} addresses.")]
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>webhook: where to post, http or https. A secret: answered as ***, and *** sent back keeps the stored value.</summary>
    [StringLength(2000, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 2000 characters.")]
    public string? Url { get; init; }

    /// <summary>webhook: signs the body (X-Signature); null for unsigned. A secret: *** keeps the stored value.</summary>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    public string? Secret { get; init; }
}

/// <summary>The fields of a channel to change; what is left out stays.</summary>
internal sealed record AlertChannelPatch
{
    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it is told.</summary>
    public bool? Enabled { get; init; }

    /// <summary>email: the addresses.</summary>
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>webhook: where to post.</summary>
    public string? Url { get; init; }

    /// <summary>webhook: signs the body; null for unsigned.</summary>
    public string? Secret { get; init; }
}
