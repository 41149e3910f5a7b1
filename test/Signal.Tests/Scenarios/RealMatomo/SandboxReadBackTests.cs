using Xunit;

namespace Signal.Tests.Scenarios.RealMatomo;

/// <summary>The scenarios against the sandbox, which speaks as much of the Reporting API as they need.</summary>
public sealed class SandboxReadBackTests(SharedSignal shared) : ReadBackScenarios(shared), IClassFixture<SharedSignal>
{
    private protected override Task<MatomoUnderTest> FindAsync() => MatomoUnderTest.SandboxAsync();
}
