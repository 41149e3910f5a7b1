using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Signal.Bench;

/// <summary>How fast a backlog drains: written by collection, then delivered by a process that does nothing else.</summary>
internal static class Delivery
{
    private const int Batch = 100;
    private const int Visitors = 10_000;

    internal static async Task<int> RunAsync(int events)
    {
        foreach (var kind in new[] { Receiver.Instant, Receiver.Slow, Receiver.Sandbox }) await RunAsync(kind, events);
        return 0;
    }

    private static async Task RunAsync(string kind, int events)
    {
        await using var receiver = await Receiver.StartAsync(kind);
        await using var signal = await SignalServer.StartAsync(receiver.Address);
        await FillAsync(signal, events);
        await signal.DeliverAsync();

        using var http = new HttpClient();
        var (from, first) = (0L, Metrics.None);
        while (true)
        {
            var now = Metrics.Read(await http.GetStringAsync($"{signal.Manage}/metrics"));
            if (first.Delivered == 0 && now.Delivered > 0) (from, first) = (Stopwatch.GetTimestamp(), now);
            if (now.Delivered >= events)
            {
                Tell(kind, first, now, Stopwatch.GetElapsedTime(from), signal.Used, receiver.Used);
                return;
            }

            await Task.Delay(50);
        }
    }

    private static void Tell(string kind, Metrics first, Metrics last, TimeSpan took, TimeSpan signal, TimeSpan receiver)
    {
        var m = last - first;
        var lanes = 16 * took.TotalSeconds;
        Console.WriteLine();
        Console.WriteLine($"A backlog of {last.Delivered:n0} events to a Matomo ({kind}), 16 lanes, 4 requests at once");
        Console.WriteLine($"  {m.Delivered / took.TotalSeconds,9:n0} events/s; processor time: Signal {signal.TotalSeconds:0.0} s, receiver {receiver.TotalSeconds:0.0} s of {took.TotalSeconds:0.0} s");
        Console.WriteLine($"  of the lanes' time: {m.Settling / lanes:0%} waiting for a settlement ({m.Settlements:n0} of {m.Settling / m.Settlements * 1000:0.0} ms), {m.Asking / lanes:0%} for an answer ({m.Requests:n0} of {m.Asking / m.Requests * 1000:0.0} ms)");
        Console.WriteLine($"  {m.Units / m.Commits:0.0} settlements in a commit, {m.Delivered / m.Requests:0} events in a request");
    }

    private static async Task FillAsync(SignalServer signal, int events)
    {
        // Without cookies, which would make one visitor of them all.
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(signal.Address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signal.Key);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36");
        await Parallel.ForEachAsync(Enumerable.Range(0, events / Batch), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (batch, stop) =>
        {
            var body = $$"""{"batch":[{{string.Join(',', Enumerable.Range(batch * Batch, Batch).Select(Event))}}]}""";
            using var answer = await http.PostAsync("/v1/batch", new StringContent(body, Encoding.UTF8, "application/json"), stop);
            answer.EnsureSuccessStatusCode();
        });
    }

    private static string Event(int n) =>
        $$$"""
        {"type":"track","event":"{{{(n % 3 == 0 ? "Video Played" : "Rated")}}}","messageId":"{{{Guid.NewGuid()}}}","anonymousId":"3f2504e0-4f89-41d3-9a0c-{{{n % Visitors:000000000000}}}","properties":{"category":"Video","label":"Intro","value":4.5},"context":{"consent":{"analytics":true},"page":{"url":"https://shop.example.com/products/{{{n % 500}}}","title":"Window fern"},"locale":"de-DE","screen":{"width":1920,"height":1080} } }
        """;

    /// <summary>What <c>/metrics</c> counts, summed over its labels.</summary>
    private sealed record Metrics(double Delivered, double Settling, double Settlements, double Asking, double Requests, double Units, double Commits)
    {
        internal static readonly Metrics None = new(0, 0, 0, 0, 0, 0, 0);

        public static Metrics operator -(Metrics a, Metrics b) => new(
            a.Delivered - b.Delivered, a.Settling - b.Settling, a.Settlements - b.Settlements, a.Asking - b.Asking, a.Requests - b.Requests, a.Units - b.Units, a.Commits - b.Commits);

        internal static Metrics Read(string text)
        {
            double Sum(string name) => text.Split('\n')
                .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length] is '{' or ' ')
                .Sum(l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
            return new(
                Sum("signal_deliveries_total"),
                Sum("signal_delivery_settle_duration_seconds_sum"), Sum("signal_delivery_settle_duration_seconds_count"),
                Sum("signal_destination_request_duration_seconds_sum"), Sum("signal_destination_request_duration_seconds_count"),
                Sum("signal_state_commit_units_sum"), Sum("signal_state_commit_units_count"));
        }
    }
}
