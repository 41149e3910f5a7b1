using System.Globalization;
using System.Reflection;

namespace MatomoSandbox;

/// <summary>The page that shows what arrives.</summary>
internal static class SandboxPage
{
    private const int VisitsShown = 40;
    private const int RequestsShown = 40;
    private static readonly Markup Style = Markup.Trusted(Resource("page.css"));
    private static readonly Markup Script = Markup.Trusted(Resource("page.js"));

    public static string Whole(SandboxState state, SandboxOptions options, string nonce) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Matomo sandbox</title>
        <link rel="icon" href="data:,">
        <noscript><meta http-equiv="refresh" content="2"></noscript>
        <style nonce="{nonce}">{Style}</style>
        </head>
        <body>
        <header><h1>Matomo sandbox</h1><p>What a Matomo would have recorded. Refreshes by itself.</p><p id="lost" role="status" hidden>The sandbox does not answer.</p></header>
        <main id="live">{Markup.Trusted(Body(state, options))}</main>
        <script nonce="{nonce}">{Script}</script>
        </body>
        </html>
        """).ToString();

    public static string Body(SandboxState state, SandboxOptions options)
    {
        var cards = new VisitCard(state, options);
        var newest = state.Visits.OrderByDescending(visit => visit.Last).ThenByDescending(visit => visit.Id).Take(VisitsShown).ToArray();
        return Markup.Of($"""
            {Wrong(state.Faults)}
            <ul class="figures">{Figures(state)}</ul>
            <section aria-labelledby="visits"><h2 id="visits">Visits</h2>{(newest.Length == 0 ? Nobody() : Markup.Join(newest.Select(cards.Render)))}</section>
            <section aria-labelledby="requests"><h2 id="requests">Last requests</h2>{Requests(state)}</section>
            """).ToString();
    }

    private static IEnumerable<Markup> Figures(SandboxState state)
    {
        var orders = state.Conversions.Where(row => row.Goal == 0).ToArray();
        (string Name, int Value)[] figures =
        [
            ("visit", state.Visits.Count), ("action", state.Actions.Count), ("open cart", state.Conversions.Count(row => row.Goal == -1)),
            ("order", orders.Length), ("goal", state.Conversions.Count(row => row.Goal > 0)), ("request", state.Counters.Requests),
        ];
        return figures
            .Select(figure => Markup.Of($"<li><b>{figure.Value}</b> {figure.Name}{(figure.Value == 1 ? "" : "s")}</li>"))
            .Append(Markup.Of($"<li><b>{Money(orders.Sum(order => order.Revenue))}</b> ordered</li>"));
    }

    private static Markup Nobody() =>
        Markup.Of($"""<p class="empty">Nobody has been here yet. Point a tracker at <code>/matomo.php</code>, or click through the shop.</p>""");

    private static Markup Wrong(SandboxFaults faults)
    {
        if (faults == new SandboxFaults())
            return Markup.Empty;
        var json = System.Text.Json.JsonSerializer.SerializeToNode(faults, FaultJson.Options)!.AsObject();
        var on = json.Where(pair => pair.Value is not null && pair.Value.ToJsonString() is not ("false" or "[]")).Select(pair => pair.Key).ToArray();
        return on.Length == 0 ? Markup.Empty : Markup.Of($"""<p class="wrong" role="status">Faults switched on: {string.Join(", ", on)}</p>""");
    }

    private static Markup Requests(SandboxState state) => Markup.Join(state.Requests.Reverse().Take(RequestsShown).Select(line =>
    {
        var kind = line.Kind == "bulk" ? $"bulk of {line.Entries}" : line.Kind;
        var good = line.Status is >= 200 and < 300 && !line.Outcomes.Any(outcome => outcome is not ("recorded" or "excluded"));
        return Markup.Of($"""
            <details class="request" id="r{line.Number}"><summary><span class="pill {(good ? "good" : "bad")}">{(line.Status == 0 ? "dropped" : line.Status)}</span>
            <time>{Time(line.At)}</time> <span class="kind">{kind}</span> <span class="outcomes">{Outcomes(line)}</span></summary>
            <pre>{line.Method} {line.Target}
            {RequestText.Readable(line)}</pre></details>
            """);
    }));

    private static string Outcomes(RequestLine line)
    {
        var counted = line.Outcomes.GroupBy(outcome => outcome).Select(group => line.Outcomes.Count == 1 ? group.Key : $"{group.Count()} {group.Key}");
        var rolledBack = line.RolledBack ? ", rolled back" : "";
        return (line.Fault is null ? "" : $"fault {line.Fault}; ") + string.Join(", ", counted).Replace('_', ' ') + rolledBack;
    }

    internal static string Time(long at) => DateTimeOffset.FromUnixTimeSeconds(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string Money(double amount) => amount.ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
