using Xunit;

namespace Signal.Tests.Scenarios.RealMatomo;

/// <summary>The scenarios against a real Matomo, where one is named.</summary>
public sealed class RealMatomoReadBackTests(SharedSignal shared) : ReadBackScenarios(shared), IClassFixture<SharedSignal>
{
    private protected override Task<MatomoUnderTest> FindAsync()
    {
        var named = MatomoUnderTest.OfEnvironment();
        Assert.SkipUnless(named is not null, MatomoUnderTest.HowTo);
        return Task.FromResult(named!);
    }
}
