namespace MatomoSandbox.Tracking;

/// <summary>Counts what a well-behaved sender never does.</summary>
internal sealed class Watch
{
    private readonly Dictionary<string, long> latest = [];
    private readonly Dictionary<string, int> inFlight = [];

    public int OutOfOrder { get; private set; }

    public int ConcurrentVisitors { get; private set; }

    public int TokensInUrls { get; private set; }

    public void Saw(Hit hit)
    {
        var key = $"{hit.Site.Id} {hit.User ?? hit.Visitor}";
        if (latest.TryGetValue(key, out var last) && hit.Time < last)
            OutOfOrder++;
        latest[key] = Math.Max(last, hit.Time);
    }

    /// <summary>Marks the visitors of a request as being worked on; two requests at once must not share one.</summary>
    public IReadOnlyList<string> Enter(Arrival arrival)
    {
        if (arrival.Get.Has("token_auth"))
            TokensInUrls++;
        var keys = arrival.Entries.Select(entry => entry.Parameters).OfType<Parameters>().Select(Key).OfType<string>().Distinct().ToArray();
        if (keys.Any(inFlight.ContainsKey))
            ConcurrentVisitors++;
        foreach (var key in keys)
            inFlight[key] = inFlight.GetValueOrDefault(key) + 1;
        return keys;
    }

    public void Leave(IReadOnlyList<string> keys)
    {
        foreach (var key in keys.Where(inFlight.ContainsKey))
        {
            if (--inFlight[key] <= 0)
                inFlight.Remove(key);
        }
    }

    public void Forget()
    {
        latest.Clear();
        (OutOfOrder, ConcurrentVisitors, TokensInUrls) = (0, 0, 0);
    }

    private static string? Key(Parameters sent)
    {
        var id = new[] { "uid", "cid", "_id" }.Select(sent.Text).FirstOrDefault(text => text.Length > 0);
        return id is null ? null : $"{sent.Whole("idsite", 0)} {id}";
    }
}
