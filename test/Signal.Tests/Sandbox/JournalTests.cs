using System.Text.Json;
using MatomoSandbox;
using Shouldly;
using Signal.Tests.Store;
using Xunit;

namespace Signal.Tests.Sandbox;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void StartedAgain_WithItsJournal_HoldsWhatItRecorded()
    {
        var first = Open();
        first.Track(TrackerRequest.Form("idsite=1&rec=1&url=https://shop.example.com/a&_id=0123456789abcdef&cid=0123456789abcdef"));
        first.Track(TrackerRequest.Bulk("""{"requests":["?idsite=1&rec=1&url=https://shop.example.com/b&cid=0123456789abcdef"]}"""));
        first.Faults = new SandboxFaults { Status = new StatusFault { Code = 503 } };
        first.Track(TrackerRequest.Form("idsite=1&rec=1&url=https://shop.example.com/refused&cid=0123456789abcdef"));
        File.AppendAllText(_directory.File("journal"), """{"At":17,"Requ""");

        var second = Open();

        second.State().Actions.Select(a => a.Url).ShouldBe(["https://shop.example.com/a", "https://shop.example.com/b"]);
        JsonSerializer.Serialize(second.State().Visits).ShouldBe(JsonSerializer.Serialize(first.State().Visits));
        second.Reset();
        Open().State().Actions.ShouldBeEmpty();
    }

    private SandboxMatomo Open() => new(SandboxOptions.Recorded with { JournalPath = _directory.File("journal") });
}
