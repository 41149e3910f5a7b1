using System.ComponentModel.DataAnnotations;
using Signal.Configure;
using Signal.Manage.Http;

namespace Signal.Manage.Changes;

/// <summary>A source as people state it.</summary>
internal record SourceInput
{
    /// <summary>An id of your own choice for a new source, src_…; one is made up when it is left out.</summary>
    [RegularExpression("src_[A-Za-z0-9_]{1,60}", ErrorMessage = "{0} must be src_ followed by up to 60 letters, digits or underscores.")]
    public string? Id { get; init; }

    /// <summary>What people call it.</summary>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 200 characters.")]
    [OneLine]
    public required string Name { get; init; }

    /// <summary>The site's host name, such as shop.example.com.</summary>
    [StringLength(253, MinimumLength = 1, ErrorMessage = "{0} must have 1 to 253 characters.")]
    public required string Domain { get; init; }

    /// <summary>A disabled source answers as if its key were unknown.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What counts as consent here.</summary>
    public ConsentPolicy Consent { get; init; } = new();

    /// <summary>Origins allowed besides the domain itself and localhost, such as https://www.example.org; * allows all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Pages of localhost may send too, on any port. Take it off where nobody tries things out.</summary>
    public bool AllowLocalhost { get; init; } = true;

    /// <summary>Events a second; the bucket holds two seconds.</summary>
    [Range(1, 1_000_000, ErrorMessage = "{0} must be between {1} and {2} events a second.")]
    public int RateLimit { get; init; } = 1000;

    /// <summary>Drop events of known bots.</summary>
    public bool FilterBots { get; init; } = true;

    /// <summary>The visitor cookie.</summary>
    public CookieSettings Cookie { get; init; } = new();

    /// <summary>The browser SDK as this source serves it.</summary>
    public SdkSettings Sdk { get; init; } = new();
}
