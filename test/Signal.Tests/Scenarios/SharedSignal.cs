using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>One running program for all tests of a class; each opens a shop of its own on it.</summary>
public sealed class SharedSignal : IAsyncLifetime
{
    internal RunningSignal Signal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Signal = await RunningSignal.StartAsync();

    public ValueTask DisposeAsync() => Signal.DisposeAsync();
}
