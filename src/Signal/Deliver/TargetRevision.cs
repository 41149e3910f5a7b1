using Signal.Configure;
using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>One revision of an integration, ready for use.</summary>
/// <param name="Integration">The integration.</param>
/// <param name="Encoder">Its compiled form; null when the stored configuration can't be used.</param>
/// <param name="Problem">Why there is no encoder, for people.</param>
internal sealed record TargetRevision(Integration Integration, IEncoder? Encoder, string? Problem = null)
{
    /// <summary>Checks and compiles an integration. A configuration that can't be used is a value, not an exception: the integration waits for a better one.</summary>
    public static TargetRevision Of(Integration integration, FindDestination find)
    {
        if (find(integration.Vendor) is not { } destination)
            return new TargetRevision(integration, null, $"There is no destination '{integration.Vendor}' in this version of Signal.");
        var check = destination.Check(integration);
        var stopping = check.Errors.Where(e => e.StopsDelivery).ToList();
        return stopping.Count > 0
            ? new TargetRevision(integration, null, string.Join(" ", stopping.Select(e => $"{e.Field}: {e.Message}")))
            : new TargetRevision(check.Integration, destination.Compile(check.Integration));
    }
}

/// <summary>Finds the code for a vendor; null when there is none.</summary>
internal delegate IDestination? FindDestination(string vendor);
