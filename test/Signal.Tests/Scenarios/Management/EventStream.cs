using System.Text.Json;

namespace Signal.Tests.Scenarios.Management;

/// <summary>Reads a stream of server-sent events.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventStream(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    /// <summary>Opens it; the server has begun to listen when this returns.</summary>
    internal static async Task<EventStream> OpenAsync(HttpClient client, string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var stream = new EventStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        await stream._lines.ReadLineAsync().WaitAsync(Patience);
        return stream;
    }

    /// <summary>The next event; comments are passed over.</summary>
    internal async Task<(string Id, string Event, JsonElement Data)> NextAsync()
    {
        var (id, name) = ("", "");
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return (id, name, JsonDocument.Parse(line[6..]).RootElement.Clone());
        }

        throw new EndOfStreamException();
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return default;
    }
}
