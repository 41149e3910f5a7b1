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

/// <summary>A recorded conversion: a goal, an order (goal 0) or an open cart (goal −1).</summary>
public sealed record Conversion
{
    /// <summary>The visit.</summary>
    public required int VisitId { get; init; }

    /// <summary>The site.</summary>
    public required int Site { get; init; }

    /// <summary>Goal number, 0 for an order, −1 for a cart.</summary>
    public required int Goal { get; init; }

    /// <summary>Epoch seconds.</summary>
    public required long At { get; init; }

    /// <summary>Order id, cut to 100 characters.</summary>
    public string? Order { get; init; }

    /// <summary>Worth in the site's currency.</summary>
    public double Revenue { get; init; }

    /// <summary>Subtotal of an order.</summary>
    public double? Subtotal { get; init; }

    /// <summary>Tax of an order.</summary>
    public double? Tax { get; init; }

    /// <summary>Shipping of an order.</summary>
    public double? Shipping { get; init; }

    /// <summary>Discount of an order.</summary>
    public double? Discount { get; init; }

    /// <summary>Sum of quantities of an order or cart.</summary>
    public int? Items { get; init; }

    /// <summary>Address on which a goal was reached.</summary>
    public string? Url { get; init; }

    [JsonIgnore]
    internal string Buster { get; init; } = "";
}

/// <summary>A row of an order or cart.</summary>
public sealed record Item
{
    /// <summary>The visit.</summary>
    public required int VisitId { get; init; }

    /// <summary>Order id, <c>0</c> for a cart.</summary>
    public required string Order { get; init; }

    /// <summary>SKU.</summary>
    public required string Sku { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Categories, five at most.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Price of one.</summary>
    public double Price { get; init; }

    /// <summary>Quantity.</summary>
    public long Quantity { get; init; }

    /// <summary>Taken out of the cart.</summary>
    public bool Deleted { get; init; }
}
