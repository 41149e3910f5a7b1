using System.Security.Claims;
using System.Threading.RateLimiting;

namespace Signal.Manage.Http;

/// <summary>What every route goes through after authentication: the rate limit, unusable input, bugs.</summary>
internal sealed class Gate(ManageOptions options, ILogger<Gate> log) : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limits = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        http.User.Identity?.IsAuthenticated == true
            ? Window($"user {http.User.FindFirstValue(ClaimTypes.Name)}", options.RequestsPerMinute)
            : Window($"address {ClientNetwork.Of(http.Connection.RemoteIpAddress)}", options.SignInsPerMinute));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var lease = _limits.AttemptAcquire(context.HttpContext);
        if (!lease.IsAcquired) return Limited(lease);
        if (context.Arguments.OfType<IRequestInput>().FirstOrDefault(a => a.Problem is not null) is { } input) return input.Problem;
        try
        {
            return await next(context);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BadHttpRequestException))
        {
            return Envelope.Failed(e, context.HttpContext, log);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _limits.Dispose();

    private static IResult Limited(RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        return Answer.Later(429, "RATE_LIMITED", $"Too many requests. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))} s.", wait);
    }

    /// <summary>So many a minute for each key.</summary>
    public static RateLimitPartition<string> Window(string key, int permits) => RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
    {
        PermitLimit = permits,
        Window = TimeSpan.FromMinutes(1),
        AutoReplenishment = true,
    });
}
