using System.ComponentModel.DataAnnotations;
using Signal.Manage.Changes;

namespace Signal.Manage.Files;

/// <summary>The whole configuration as one file that can live in version control: secrets stand in it by reference only.</summary>
internal sealed record ConfigurationFile
{
    /// <summary>The version of this form, 1.</summary>
    [Range(1, 1, ErrorMessage = "{0} must be 1.")]
    public int Version { get; init; } = 1;

    /// <summary>The sources.</summary>
    public IReadOnlyList<SourceEntry> Sources { get; init; } = [];

    /// <summary>The integrations.</summary>
    public IReadOnlyList<IntegrationEntry> Integrations { get; init; } = [];
}

/// <summary>A source of a file; its id is required.</summary>
internal sealed record SourceEntry : SourceInput
{
    /// <summary>Its key; one is made for a new source when it is left out.</summary>
    [RegularExpression("dk_(live|test)_[A-Za-z0-9]{16,64}", ErrorMessage = "{0} must be dk_live_ or dk_test_ followed by 16 to 64 letters or digits.")]
    public string? PipelineKey { get; init; }

    /// <summary>A reference to its HMAC secret such as ${SHOP_SECRET}. Not set there: the stored one stays, or one is made.</summary>
    public string? Secret { get; init; }
}

/// <summary>An integration of a file. A secret of its config is a reference such as ${MATOMO_TOKEN}; not set there: the stored one stays.</summary>
internal sealed record IntegrationEntry : IntegrationInput
{
    /// <summary><c>int_…</c></summary>
    [RegularExpression("int_[A-Za-z0-9_]{1,60}", ErrorMessage = "{0} must be int_ followed by up to 60 letters, digits or underscores.")]
    public required string Id { get; init; }
}

/// <summary>What an import did, or would do.</summary>
internal sealed record ImportView(bool DryRun, IReadOnlyList<string> Created, IReadOnlyList<string> Updated, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Deleted);
