namespace Signal.Console.Parts;

/// <summary>What a page must know of the browser that reads it.</summary>
internal sealed class Reader
{
    /// <summary>The browser's time zone; UTC until it is known.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>The browser's address, for the audit log.</summary>
    public string? Ip { get; private set; }

    /// <summary>Names this load of the page.</summary>
    public string Visit { get; private set; } = "";

    /// <summary>Where the collection side most likely is, seen from the browser.</summary>
    public string CollectGuess { get; private set; } = "http://localhost:8080";

    public void Is(string? zone, string? ip, string visit, string host)
    {
        Zone = zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc;
        Ip = ip;
        Visit = visit;
        CollectGuess = $"http://{host}:8080";
    }

    /// <summary>A moment in the reader's zone.</summary>
    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);
}
