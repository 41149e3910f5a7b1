using Signal.Manage;
using Xunit;

namespace Signal.Tests.Manage;

/// <summary>A host of its own for each test.</summary>
public abstract class ManageTest : IAsyncLifetime
{
    private protected ManageHost Host { get; private set; } = null!;

    private protected HttpClient Admin => Host.Admin;

    private protected virtual ManageOptions Options(ManageOptions options) => options;

    public async ValueTask InitializeAsync() => Host = await ManageHost.StartAsync(Options);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
