using System.ComponentModel.DataAnnotations;
using Signal.Manage.Alerts;
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

    /// <summary>Where people are told of alerts. Left out: channels stay as they are, also when the rest is pruned.</summary>
    public IReadOnlyList<AlertChannelEntry>? AlertChannels { get; init; }

    /// <summary>When alerts open: general rules that were changed, and rules for one integration or source. Left out: rules stay as they are, also when the rest is pruned.</summary>
    public IReadOnlyList<AlertRuleEntry>? AlertRules { get; init; }
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

/// <summary>A channel of a file. Its url (webhook) and secret are references such as ${OPS_HOOK}; not set there: the stored ones stay.</summary>
internal sealed record AlertChannelEntry : AlertChannelInput
{
    /// <summary><c>chn_…</c></summary>
    [RegularExpression("chn_[A-Za-z0-9_]{1,60}", ErrorMessage = "{0} must be chn_ followed by up to 60 letters, digits or underscores.")]
    public required string Id { get; init; }
}

/// <summary>A rule of a file: a general one under its own id (rule_disk), or one with a scope. Thresholds left out are the built-in ones.</summary>
internal sealed record AlertRuleEntry : AlertRuleInput
{
    /// <summary><c>rule_…</c></summary>
    [RegularExpression("rule_[A-Za-z0-9_]{1,60}", ErrorMessage = "{0} must be rule_ followed by up to 60 letters, digits or underscores.")]
    public required string Id { get; init; }
}

/// <summary>What an import did, or would do.</summary>
internal sealed record ImportView(bool DryRun, IReadOnlyList<string> Created, IReadOnlyList<string> Updated, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Deleted);
