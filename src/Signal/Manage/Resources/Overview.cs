using System.ComponentModel.DataAnnotations;
using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Resources;

/// <summary><c>/overview</c></summary>
internal static class Overview
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public static void MapOverview(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/overview", ShowAsync).WithTags("Overview")
            .Says<OverviewView>("getOverview", "Counts by outcome and reason, lag, throughput, and how each integration fares.");

    private static async Task<IResult> ShowAsync(Query<OverviewQuery> query, Overviews overviews, CancellationToken stop) =>
        Range(query.Value.Range) is { } range
            ? Answer.Ok(await overviews.ShowAsync(range, query.Value.IntegrationId ?? query.Value.SourceId, stop))
            : Answer.Invalid([new("range", "range", "range must lie between 1m and 90d.")]);

    private static TimeSpan? Range(string text)
    {
        if (!int.TryParse(text[..^1], out var amount) || amount > 100_000) return null;
        var range = text[^1] switch { 'm' => TimeSpan.FromMinutes(amount), 'h' => TimeSpan.FromHours(amount), _ => TimeSpan.FromDays(amount) };
        return range > TimeSpan.Zero && range <= Longest ? range : null;
    }
}

/// <summary>Which span of time, and of what.</summary>
internal sealed record OverviewQuery
{
    /// <summary>Such as 1h, 24h, 7d or 30d.</summary>
    [RegularExpression("[0-9]{1,6}[mhd]", ErrorMessage = "{0} must be a number of minutes, hours or days such as 90m, 1h or 7d.")]
    public string Range { get; init; } = "1h";

    /// <summary>Only this source.</summary>
    public string? SourceId { get; init; }

    /// <summary>Only this integration.</summary>
    public string? IntegrationId { get; init; }
}
