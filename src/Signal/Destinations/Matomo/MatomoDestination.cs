using Signal.Configure;

namespace Signal.Destinations.Matomo;

/// <summary>Matomo's Tracking HTTP API. What a real Matomo does is written down in docs/destinations/matomo.md.</summary>
internal sealed class MatomoDestination : IDestination
{
    /// <inheritdoc/>
    public Manifest Manifest => MatomoManifest.Value;

    /// <inheritdoc/>
    public CheckedIntegration Check(Integration integration) => IntegrationCheck.Of(integration);

    /// <inheritdoc/>
    public IEncoder Compile(Integration integration) => new MatomoEncoder(integration);

    /// <inheritdoc/>
    public IExamination Examine(Integration integration, string nonce) => new Examination(integration, nonce);

    /// <inheritdoc/>
    public IHandOn HandOn(Integration integration, Subject subject, HandOnPurpose purpose) => new DataSubjects(integration, subject, purpose);
}
