namespace MatomoSandbox;

/// <summary>What the owner of a token may do.</summary>
public enum TokenKind
{
    /// <summary>Reads reports; never authenticates tracking.</summary>
    View,

    /// <summary>Tracks for its sites.</summary>
    Write,

    /// <summary>Tracks for its sites, and exports and erases their visitors.</summary>
    Admin,

    /// <summary>Everything, and alone is told which entries of a bulk were invalid.</summary>
    Superuser,
}

/// <summary>A token of the sandbox.</summary>
/// <param name="Value">The secret.</param>
/// <param name="Kind">What its owner may do.</param>
public sealed record SandboxToken(string Value, TokenKind Kind)
{
    /// <summary>A superuser's token counts only in a form body, never in an address or a bulk.</summary>
    public bool SecureOnly { get; init; }

    /// <summary>Sites it is good for; a superuser's is good for all.</summary>
    public IReadOnlyList<int> Sites { get; init; } = [];

    internal bool Reads(int site) => Kind == TokenKind.Superuser || Sites.Contains(site);

    internal bool Administers(int site) => Kind == TokenKind.Superuser || (Kind == TokenKind.Admin && Sites.Contains(site));

    internal bool WritesAsUser(int site) => Kind is TokenKind.Write or TokenKind.Admin && Sites.Contains(site);
}
