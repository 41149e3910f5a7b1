namespace MatomoSandbox.Tracking;

/// <summary>What a hit will write besides its visit.</summary>
internal sealed record Plan(ActionDraft? Action, IReadOnlyList<(SandboxGoal Goal, string? Url)> Reached, bool Ecommerce)
{
    /// <summary>A cart converts nothing; an order and a goal do.</summary>
    public bool Converts(Hit hit) => Reached.Count > 0 || (Ecommerce && hit.IsOrder);
}
