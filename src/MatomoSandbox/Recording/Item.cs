namespace MatomoSandbox;

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
