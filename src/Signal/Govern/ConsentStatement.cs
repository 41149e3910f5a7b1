namespace Signal.Govern;

/// <summary>What one event says about consent.</summary>
/// <param name="Categories">Category to granted; empty when it says nothing.</param>
/// <param name="Unreadable">Why the data could not be understood, or null. Then they deny everything, and nothing is remembered.</param>
internal sealed record ConsentStatement(IReadOnlyDictionary<string, bool> Categories, string? Unreadable = null)
{
    private static readonly IReadOnlyDictionary<string, bool> None = new Dictionary<string, bool>();

    /// <summary>No word.</summary>
    internal static ConsentStatement Silent { get; } = new(None);

    internal static ConsentStatement NotUnderstood(string why) => new(None, why);
}
