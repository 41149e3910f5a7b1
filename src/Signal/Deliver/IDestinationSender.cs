using Signal.Destinations;

namespace Signal.Deliver;

/// <summary>Sends requests to destinations. The only way out of the program.</summary>
internal interface IDestinationSender
{
    /// <summary>
    /// Sends one request and reads its answer. Never throws for what the network or the destination does:
    /// that is a response with a <see cref="DestinationResponse.Failure"/>. Never sends twice.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; the outcome is unknown.</exception>
    Task<DestinationResponse> SendAsync(DestinationRequest request, CancellationToken stop);
}
