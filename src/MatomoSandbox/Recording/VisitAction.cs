namespace MatomoSandbox;

/// <summary>A recorded action of a visit.</summary>
public sealed record VisitAction
{
    /// <summary>Number of the action.</summary>
    public required int Id { get; init; }

    /// <summary>The visit.</summary>
    public required int VisitId { get; init; }

    /// <summary>Epoch seconds.</summary>
    public required long At { get; init; }

    /// <summary>Address, null when none was given.</summary>
    public string? Url { get; init; }

    /// <summary>1 page, 2 outlink, 3 download, 10 event, 13 content.</summary>
    public int? TypeUrl { get; init; }

    /// <summary>Title, event name or search words.</summary>
    public string? Name { get; init; }

    /// <summary>4 title, 8 search, 12 event name.</summary>
    public int? TypeName { get; init; }

    /// <summary>Event category.</summary>
    public string? EventCategory { get; init; }

    /// <summary>Event action.</summary>
    public string? EventAction { get; init; }

    /// <summary>Event value.</summary>
    public double? Value { get; init; }

    /// <summary>Search category.</summary>
    public string? SearchCategory { get; init; }

    /// <summary>Search results.</summary>
    public long? SearchCount { get; init; }

    /// <summary>Content name.</summary>
    public string? ContentName { get; init; }

    /// <summary>Content piece.</summary>
    public string? ContentPiece { get; init; }

    /// <summary>Content target.</summary>
    public string? ContentTarget { get; init; }

    /// <summary>Content interaction; null for an impression.</summary>
    public string? ContentInteraction { get; init; }

    /// <summary>Page-view id.</summary>
    public string? PvId { get; init; }

    /// <summary>SKU of the product viewed.</summary>
    public string? ProductSku { get; init; }

    /// <summary>Name of the product viewed.</summary>
    public string? ProductName { get; init; }

    /// <summary>Categories of the product viewed, five at most.</summary>
    public IReadOnlyList<string> ProductCategories { get; init; } = [];

    /// <summary>Price of the product viewed.</summary>
    public double? ProductPrice { get; init; }

    /// <summary>Page timings in milliseconds, by the name Matomo gives them (<c>time_network</c>).</summary>
    public IReadOnlyDictionary<string, long> Timings { get; init; } = new Dictionary<string, long>();

    /// <summary>Custom dimensions of the action, by number.</summary>
    public IReadOnlyDictionary<int, string> Dimensions { get; init; } = new Dictionary<int, string>();
}
