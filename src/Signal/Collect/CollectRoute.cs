using Signal.Events;

namespace Signal.Collect;

/// <summary>A route that takes events.</summary>
/// <param name="Name">What stands behind the prefix.</param>
/// <param name="Shape">What the request carries.</param>
/// <param name="Type">The type of its events, where the route says it.</param>
internal sealed record CollectRoute(string Name, CollectShape Shape, EventType? Type = null)
{
    /// <summary>Every route, as it stands behind <c>/v1/</c> or a source's own prefix.</summary>
    internal static readonly IReadOnlyList<CollectRoute> All =
    [
        .. Both("t", "track", EventType.Track), .. Both("p", "page", EventType.Page),
        .. Both("i", "identify", EventType.Identify), .. Both("g", "group", EventType.Group),
        .. Both("s", "screen", EventType.Screen), .. Both("a", "alias", EventType.Alias),
        new("b", CollectShape.Batch), new("batch", CollectShape.Batch),
        new("events", CollectShape.Signed),
        new("pixel/track", CollectShape.Pixel, EventType.Track), new("pixel/page", CollectShape.Pixel, EventType.Page),
        new("pixel/identify", CollectShape.Pixel, EventType.Identify), new("pixel/group", CollectShape.Pixel, EventType.Group),
        new("reset", CollectShape.Reset),
        new("m", CollectShape.Ignored),
    ];

    /// <summary>The HTTP method it answers to, besides <c>OPTIONS</c>.</summary>
    internal string Method => Shape == CollectShape.Pixel ? "GET" : "POST";

    private static CollectRoute[] Both(string letter, string word, EventType type) =>
        [new(letter, CollectShape.Single, type), new(word, CollectShape.Single, type)];
}

/// <summary>What a request carries.</summary>
internal enum CollectShape
{
    /// <summary>One event, by pipeline key.</summary>
    Single,

    /// <summary>Many events, by pipeline key or signature.</summary>
    Batch,

    /// <summary>One event of a server, by signature.</summary>
    Signed,

    /// <summary>One event in the query; answered by an image.</summary>
    Pixel,

    /// <summary>No event: the visitor's cookie changes.</summary>
    Reset,

    /// <summary>Another SDK's numbers about itself; answered and thrown away.</summary>
    Ignored,
}
