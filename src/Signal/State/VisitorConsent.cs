namespace Signal.State;

/// <summary>What a visitor has said about consent at a source.</summary>
/// <param name="Granted">Category to the latest word on it.</param>
/// <param name="RefusedAt">Category to when it was refused last, in whole milliseconds, kept beside a later grant; those never refused are left out.</param>
public sealed record VisitorConsent(IReadOnlyDictionary<string, bool> Granted, IReadOnlyDictionary<string, DateTimeOffset> RefusedAt)
{
    /// <summary>Nothing was said.</summary>
    public static VisitorConsent Nothing { get; } = new(new Dictionary<string, bool>(), new Dictionary<string, DateTimeOffset>());
}
