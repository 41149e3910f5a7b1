namespace Signal.Watch;

/// <summary>E-mail addresses as they may be shown to people who need not know them, and logged.</summary>
internal static class MaskedAddress
{
    /// <summary><c>ops@example.com</c> as <c>o…@example.com</c>.</summary>
    public static string Of(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 ? "…" : $"{address[0]}…{address[at..]}";
    }

    /// <summary>A text in which these addresses are masked wherever they stand.</summary>
    public static string In(string text, IEnumerable<string> addresses) =>
        addresses.Aggregate(text, (rest, address) => rest.Replace(address, Of(address), StringComparison.OrdinalIgnoreCase));
}
