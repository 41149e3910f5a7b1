using System.Diagnostics;
using MatomoSandbox;
using Shouldly;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>A sandbox can go away and come back, as a Matomo does.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Start_SameMatomoAgain_HasWhatItRecorded()
    {
        var matomo = new SandboxMatomo(SandboxOptions.Recorded);
        var first = await SandboxServer.StartAsync(matomo, "http://127.0.0.1:0");
        var address = first.BaseAddress;
        using var client = new HttpClient { BaseAddress = address };
        (await TrackAsync(client)).EnsureSuccessStatusCode();

        await first.DisposeAsync();
        await Should.ThrowAsync<HttpRequestException>(() => TrackAsync(client));

        await using var second = await SandboxServer.StartAsync(matomo, address.ToString());
        (await TrackAsync(client)).EnsureSuccessStatusCode();
        matomo.State().Visits.ShouldHaveSingleItem().Actions.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_RequestInFlight_DoesNotWaitForIt()
    {
        var server = await SandboxServer.StartAsync(SandboxOptions.Recorded);
        server.Matomo.Faults = new SandboxFaults { Delay = new DelayFault { Ms = 20_000, Times = 1 } };
        using var client = new HttpClient { BaseAddress = server.BaseAddress };
        var pending = TrackAsync(client);
        var deadline = Stopwatch.StartNew();
        while (server.Matomo.Faults.Delay is not null && deadline.ElapsedMilliseconds < 15_000)
            await Task.Delay(5);

        await server.DisposeAsync();

        deadline.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), "the answer would have come after twenty");
        await Should.ThrowAsync<HttpRequestException>(() => pending);
    }

    private static Task<HttpResponseMessage> TrackAsync(HttpClient client) =>
        client.GetAsync(new Uri("matomo.php?idsite=1&rec=1&cid=00000000000000a1&url=https://shop.example.com/", UriKind.Relative));
}
