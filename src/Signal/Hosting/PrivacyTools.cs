using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Manage.Privacy;

namespace Signal.Hosting;

/// <summary>Hands the privacy desk's questions to delivery, which does all the asking.</summary>
internal sealed class PrivacyTools(HandOns handOns) : IPrivacyTools
{
    public async Task<HandOnResult?> AskAsync(Integration integration, Subject subject, HandOnPurpose purpose, CancellationToken stop)
    {
        if (Catalog.Find(integration.Vendor) is not { } destination) return null;
        var usable = destination.Check(integration);
        return usable.Errors.Count > 0
            ? new HandOnResult(HandOnStatus.Failed, 0, "The integration's settings are not usable. Correct them, then ask again.")
            : await handOns.RunAsync(destination, usable.Integration, subject, purpose, stop);
    }
}
