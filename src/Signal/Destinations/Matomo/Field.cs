namespace Signal.Destinations.Matomo;

/// <summary>How a field's value is made safe.</summary>
internal enum FieldKind
{
    /// <summary>Text, cut to a number of characters.</summary>
    Text,

    /// <summary>Text, cut to a number of bytes.</summary>
    Bytes,

    /// <summary>An address with a scheme, cut to a number of bytes.</summary>
    Url,

    /// <summary>A whole number within limits.</summary>
    Integer,

    /// <summary>A number within limits.</summary>
    Number,

    /// <summary>An amount of the site's currency.</summary>
    Money,

    /// <summary>1, or left out.</summary>
    Flag,

    /// <summary>Has a shape of its own.</summary>
    Shaped,
}

/// <summary>A field of Matomo's tracking API.</summary>
/// <param name="Name">As it is sent; <c>dimensionN</c> stands for all of its kind.</param>
/// <param name="Kind">How its value is made safe.</param>
/// <param name="Meaning">What Matomo does with it, for people.</param>
/// <param name="Max">Characters, bytes or the largest number.</param>
/// <param name="Min">The smallest number.</param>
/// <param name="Type">The vocabulary's word for its type.</param>
/// <param name="Reserved">Why a mapping may not set it; null when it may.</param>
internal sealed record Field(string Name, FieldKind Kind, string Meaning, decimal Max = 0, decimal Min = 0, string Type = "text", string? Reserved = null);
