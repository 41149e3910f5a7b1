using System.Text.Json.Serialization;

namespace MatomoSandbox;

/// <summary>A recorded visit, as Matomo's table holds it. Times are epoch seconds; texts that Matomo escapes stay escaped.</summary>
public sealed record Visit
{
    /// <summary>Number of the visit.</summary>
    public required int Id { get; init; }

    /// <summary>The site.</summary>
    public required int Site { get; init; }

    /// <summary>Visitor id, 16 hex digits; the newest one that joined.</summary>
    public required string Visitor { get; init; }

    /// <summary>User id, once given it stays.</summary>
    public string? UserId { get; init; }

    /// <summary>Masked address; null when it was none.</summary>
    public string? Ip { get; init; }

    /// <summary>Actions counted; content does not count.</summary>
    public int Actions { get; init; }

    /// <summary>Duration in seconds.</summary>
    public long Seconds { get; init; }

    /// <summary>Site searches.</summary>
    public int Searches { get; init; }

    /// <summary>Events.</summary>
    public int Events { get; init; }

    /// <summary>Whether a goal or order was reached.</summary>
    public bool GoalConverted { get; init; }

    /// <summary>0 nothing, 1 ordered, 2 open cart, 3 ordered and then open cart.</summary>
    public int Buyer { get; init; }

    /// <summary>1 direct, 2 search engine, 3 website, 6 campaign, 7 social network.</summary>
    public int ReferrerType { get; init; } = 1;

    /// <summary>Name of engine, site or campaign.</summary>
    public string? ReferrerName { get; init; }

    /// <summary>Keyword.</summary>
    public string? ReferrerKeyword { get; init; }

    /// <summary>Browser language, lower case.</summary>
    public string? Language { get; init; }

    /// <summary>Country code, <c>xx</c> when unknown.</summary>
    public required string Country { get; init; }

    /// <summary>Region.</summary>
    public string? Region { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>Short name of the browser, <c>UNK</c> when unknown.</summary>
    public required string Browser { get; init; }

    /// <summary>Short name of the system, <c>UNK</c> when unknown.</summary>
    public required string Os { get; init; }

    /// <summary>Time of the first action.</summary>
    public required long First { get; init; }

    /// <summary>Time of the last action.</summary>
    public required long Last { get; init; }

    /// <summary>Custom dimensions of the visit, by number.</summary>
    public IReadOnlyDictionary<int, string> Dimensions { get; init; } = new Dictionary<int, string>();

    [JsonIgnore]
    internal string Fingerprint { get; init; } = "";
}
