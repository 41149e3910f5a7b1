namespace MatomoSandbox;

/// <summary>What a custom dimension describes.</summary>
public enum DimensionScope
{
    /// <summary>The visit; the last value stays.</summary>
    Visit,

    /// <summary>One action; ignored on orders and goals, which are none.</summary>
    Action,
}

/// <summary>A custom dimension of a site.</summary>
/// <param name="Site">The site's number.</param>
/// <param name="Id">The number in <c>dimensionN</c>.</param>
/// <param name="Scope">What it describes.</param>
public sealed record SandboxDimension(int Site, int Id, DimensionScope Scope)
{
    /// <summary>What people call it.</summary>
    public string Name { get; init; } = $"Dimension {Id}";
}
