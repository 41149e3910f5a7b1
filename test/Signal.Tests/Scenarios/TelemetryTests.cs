using Shouldly;
using Signal.Tests.Hosting;
using Xunit;

namespace Signal.Tests.Scenarios;

/// <summary>What leaves the program for those who watch it.</summary>
public class TelemetryTests
{
    [Fact]
    public async Task Otlp_ACollectorSeesTheWayOfAnEvent_AndTheMetrics()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var shop = await Shop.OpenAsync(environment: new Dictionary<string, string>
        {
            ["SIGNAL_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });

        await shop.PageAsync(Some.Visitor(), "/traced");
        await shop.RecordedAsync(1);

        var spans = await Eventually.Async(() => receiver.Spans.ToList(), s => s.Exists(x => x.Name == "append") && s.Exists(x => x.Name == "deliver"), () => "the spans of the event");
        var append = spans.Single(s => s.Name == "append");
        spans = await Eventually.Async(() => receiver.Spans.ToList(), s => s.Exists(x => x.Id == append.Parent), () => "the request's own span");
        var request = spans.Single(s => s.Id == append.Parent);
        request.Name.ShouldBe("POST /v1/p");
        request.Trace.ShouldBe(append.Trace);
        await Eventually.Async(() => receiver.Metrics.Keys, m => m.Contains("signal.events") && m.Contains("signal.deliveries") && m.Contains("http.server.request.duration"), () => "the metrics");
    }

    [Fact]
    public async Task Metrics_TheProgramsOwn_AreThoseTheDocumentLists()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs/operate/metrics.md"))
            .Where(l => l.StartsWith("| `signal_", StringComparison.Ordinal))
            .Select(l => l.Split('|'))
            .Select(c => $"{c[1].Trim().Trim('`')} {c[2].Trim()}")
            .Order()
            .ToList();
        await using var shop = await Shop.OpenAsync();
        await shop.PageAsync(Some.Visitor(), "/measured");
        await shop.RecordedAsync(1);

        var served = await Eventually.Async(
            async () => (await shop.Signal.Manage.GetStringAsync("/metrics")).Split('\n')
                .Where(l => l.StartsWith("# TYPE signal_", StringComparison.Ordinal))
                .Select(l => l["# TYPE ".Length..].Trim())
                .Order()
                .ToList(),
            names => names.Count >= documented.Count,
            () => "all metrics");

        served.ShouldBe(documented);
    }

    [Fact]
    public async Task Metrics_TellDeadLettersAndTheStatusOfAnIntegration()
    {
        await using var shop = await Shop.OpenAsync(integration: new { mappings = new[] { new { @event = "Signed Up", target = "idgoal", value = "99" } } });
        await shop.TrackAsync(Some.Visitor(), "Signed Up");
        await shop.SettledAsync(1);

        string[] Lines(string all) => [.. all.Split('\n').Where(l => l.Contains($"integration=\"{shop.IntegrationId}\"", StringComparison.Ordinal))];
        double Value(string[] lines, string name, string label = "") =>
            lines.Where(l => l.StartsWith(name + "{", StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal)).Select(l => double.Parse(l.Split("} ")[1].Split(' ')[0])).SingleOrDefault(-1);
        var lines = await Eventually.Async(
            async () => Lines(await shop.Signal.Manage.GetStringAsync("/metrics")),
            l => Value(l, "signal_dead_letters") == 1,
            () => "the dead letter to be measured");

        Value(lines, "signal_integration_status", "status=\"active\"").ShouldBe(1);
        Value(lines, "signal_integration_status", "status=\"retrying\"").ShouldBe(0);
        Value(lines, "signal_integration_status", "status=\"configuration_error\"").ShouldBe(0);
    }
}
