using System.Text.Json.Serialization;

namespace MatomoSandbox;

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
