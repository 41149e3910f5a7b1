using Signal.Configure;
using Signal.Destinations;

namespace Signal.Manage.Privacy;

/// <summary>The privacy tools of the destinations themselves. Never throws for what a destination does.</summary>
internal interface IPrivacyTools
{
    /// <summary>Hands a request on; null when the destination has no such tools.</summary>
    Task<HandOnResult?> AskAsync(Integration integration, Subject subject, HandOnPurpose purpose, CancellationToken stop);
}
