namespace Signal.Map;

/// <summary>A product of an event, or a row of a cart.</summary>
/// <param name="Sku">Never empty in a cart's row.</param>
/// <param name="Name">Empty when unknown.</param>
/// <param name="Categories">At most five, none empty.</param>
/// <param name="Price">For one piece, in the site's currency; null when unknown.</param>
/// <param name="Quantity">Pieces; null when the event gives none.</param>
internal sealed record Product(string Sku, string Name, IReadOnlyList<string> Categories, decimal? Price, int? Quantity)
{
    /// <summary>Pieces, one when not given.</summary>
    internal int Pieces => Quantity ?? 1;

    /// <summary>Price times pieces; 0 without a price.</summary>
    internal decimal Total => (Price ?? 0) * Pieces;
}
