using System.Collections.Concurrent;
using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>A bucket per source that holds two seconds of events.</summary>
internal sealed class RateLimits(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new();

    /// <summary>Takes as many events as the call brings, all or none.</summary>
    internal Refusal? Take(CollectCall call)
    {
        var source = call.Source!;
        var bucket = _buckets.GetOrAdd(source.Id, static _ => new TokenBucket());
        return bucket.Take(Math.Max(1, call.Events.Count), source.RateLimit, clock.GetTimestamp(), clock.TimestampFrequency) is not { } wait ? null : new Refusal(
            StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, Message(source), wait);
    }

    private static string Message(Source source) =>
        $"The source may send {source.RateLimit} events a second: wait as Retry-After says, or raise its rate_limit.";
}
