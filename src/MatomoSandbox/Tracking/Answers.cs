using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatomoSandbox.Tracking;

/// <summary>The tracker's answers, byte for byte where someone might look.</summary>
internal static class Answers
{
    private const string Html = "text/html; charset=UTF-8";
    private static readonly byte[] Image = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    // The beginning is what a real one says; forwarders may look for it.
    private static readonly byte[] Notice = Encoding.UTF8.GetBytes(
        "This resource is part of Matomo. Keep full control of your data with the leading... well, this is only its sandbox: the tracker was asked for something it did not take.\n");

    public static TrackerAnswer Success(Arrival arrival) =>
        Plain(arrival, arrival.WantsNoImage ? new TrackerAnswer(204, Html, default) : new TrackerAnswer(200, "image/gif", Image));

    public static TrackerAnswer Refusal(Arrival arrival) => Plain(arrival, arrival.WantsNoImage
        ? new TrackerAnswer(400, Html, Notice)
        : new TrackerAnswer(400, "image/gif", (byte[])[.. Image, .. Notice]));

    public static TrackerAnswer Maintenance(Arrival arrival) =>
        Plain(arrival, arrival.WantsNoImage ? new TrackerAnswer(204, Html, default) : new TrackerAnswer(503, "image/gif", Image));

    /// <summary>Nothing that could be tracked was sent.</summary>
    public static TrackerAnswer Nothing(Arrival arrival) =>
        Plain(arrival, new TrackerAnswer(arrival.IsGet && arrival.NothingSent ? 200 : 400, Html, Notice));

    public static TrackerAnswer Dead() => new(500, Html, default);

    public static TrackerAnswer Preflight() => new TrackerAnswer(204, Html, default)
        .With("Access-Control-Allow-Methods", "GET, POST").With("Access-Control-Allow-Headers", "*").With("Access-Control-Allow-Origin", "*");

    public static TrackerAnswer Queued(Arrival arrival)
    {
        if (arrival.IsBulk && !arrival.BulkIsJson)
            return Open(arrival, new TrackerAnswer(200, Html, default));
        var answer = arrival.WantsNoImage && !arrival.IsBulk
            ? Open(arrival, new TrackerAnswer(204, Html, default))
            : new TrackerAnswer(200, "image/gif", Image);
        return answer.With("Content-Encoding", "none");
    }

    public static TrackerAnswer Bulk(Arrival arrival, int status, int tracked, int invalid, IReadOnlyList<int>? indices)
    {
        var body = new JsonObject { ["status"] = status == 200 ? "success" : "error", ["tracked"] = tracked, ["invalid"] = invalid };
        if (indices is not null)
            body["invalid_indices"] = JsonSerializer.SerializeToNode(indices);
        return Plain(arrival, new TrackerAnswer(status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString())));
    }

    public static TrackerAnswer MuteBulk(Arrival arrival) => Open(arrival, new TrackerAnswer(204, "application/json", default));

    private static TrackerAnswer Plain(Arrival arrival, TrackerAnswer answer)
    {
        var open = Open(arrival, answer);
        return arrival.Request.Method == "HEAD" ? open with { Body = default } : open;
    }

    private static TrackerAnswer Open(Arrival arrival, TrackerAnswer answer) => arrival.IsGet
        ? answer.With("Cache-Control", "no-store")
        : answer.With("Access-Control-Allow-Origin", arrival.Origin).With("Access-Control-Allow-Credentials", "true");
}
