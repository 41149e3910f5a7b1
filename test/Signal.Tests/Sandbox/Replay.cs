using System.Text;
using System.Text.Json.Nodes;
using MatomoSandbox;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Signal.Tests.Sandbox;

/// <summary>Sends every recorded row, in order, to one sandbox over HTTP and keeps what differed.</summary>
public sealed class Replay : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 11, 42, 10, TimeSpan.Zero);

    // Seconds that passed while recording, where a later row shows them.
    private static readonly Dictionary<string, int> Passed = new()
    {
        ["cdt: ISO with Z"] = 1,
        ["cdo: an hour"] = 2,
        ["login: page with uid"] = 1,
        ["dimension emptied"] = 1,
        ["bulk: a number with an exponent"] = 2,
    };

    // Their visitor id was drawn at random.
    private static readonly string[] RandomVisitors = ["_id: short", "neither _id nor cid"];

    private readonly Dictionary<string, IReadOnlyList<string>> differences = [];
    private readonly FakeTimeProvider clock = new(Start);

    /// <summary>What differed in a row, in words.</summary>
    public IReadOnlyList<string> DifferencesOf(string title) => differences[title];

    public async ValueTask InitializeAsync()
    {
        await using var server = await SandboxServer.StartAsync(SandboxOptions.Recorded with { TimeProvider = clock });
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = System.Net.DecompressionMethods.None });
        foreach (var row in RecordedRow.All)
            differences[row.Title] = await SendAsync(server, client, row);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IReadOnlyList<string>> SendAsync(SandboxServer server, HttpClient client, RecordedRow row)
    {
        clock.Advance(TimeSpan.FromSeconds(Passed.GetValueOrDefault(row.Name)));
        server.Matomo.Faults = FaultsOf(row.State);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var before = server.Matomo.State();
        using var request = row.ToRequest(server.BaseAddress, now);
        using var response = await client.SendAsync(request);
        var found = await AnswerDifferencesAsync(row, response);
        if (row.Recorded is JsonObject or null)
        {
            var actual = RecordedChanges.Between(before, server.Matomo.State(), now);
            var expected = row.Recorded as JsonObject ?? [];
            var random = RandomVisitors.Contains(row.Name);
            found.AddRange(Difference.Of(expected, actual, (name, value) => random && name == "visitor" && value?.GetValue<string>().Length == 16));
        }
        return found;
    }

    private static async Task<List<string>> AnswerDifferencesAsync(RecordedRow row, HttpResponseMessage response)
    {
        var found = new List<string>();
        void Compare(string what, JsonNode? expected, JsonNode? actual)
        {
            if (!Difference.Same(expected, actual))
                found.Add($"{what}: expected {expected?.ToJsonString() ?? "none"}, was {actual?.ToJsonString() ?? "none"}");
        }

        Compare("status", row.Answer["status"], (int)response.StatusCode);
        Compare("content_type", row.Answer["content_type"], response.Content.Headers.TryGetValues("Content-Type", out var types) ? types.First() : null);
        Compare("access-control-allow-origin", row.Answer["access-control-allow-origin"], Header(response, "Access-Control-Allow-Origin"));
        Compare("content-encoding", row.Answer["content-encoding"], Header(response, "Content-Encoding"));
        Compare("body", row.Answer["body"], await BodyAsync(row, response));
        return found;
    }

    private static async Task<JsonNode?> BodyAsync(RecordedRow row, HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        if (row.Answer["body"] is JsonObject)
            return JsonNode.Parse(bytes);
        var isImage = bytes.AsSpan().StartsWith("GIF89a"u8);
        var rest = isImage ? bytes[43..] : bytes;
        var text = Encoding.UTF8.GetString(rest);
        var cut = text.Length > 80 ? text[..80] : text;
        return isImage ? cut.Length > 0 ? $"GIF43 + {cut}" : "GIF43" : cut;
    }

    private static string? Header(HttpResponseMessage response, string name)
    {
        var found = response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values);
        return found ? string.Join(", ", values!) : null;
    }

    private static SandboxFaults FaultsOf(string state) => state switch
    {
        "normal" => new SandboxFaults(),
        "maintenance" => new SandboxFaults { Maintenance = true },
        "bulk_requires_authentication" => new SandboxFaults { BulkRequiresAuthentication = true },
        "queued_tracking" => new SandboxFaults { QueuedTracking = true },
        "database_down" => new SandboxFaults { DatabaseDown = true },
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "The recorded data know no such state."),
    };
}
