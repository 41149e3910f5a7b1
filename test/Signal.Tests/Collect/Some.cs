using System.Text.Json;
using Signal.Configure;

namespace Signal.Tests.Collect;

/// <summary>Complete valid values to vary by <c>with</c>.</summary>
internal static class Some
{
    internal static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static Source Source { get; } = new()
    {
        Id = "src_shop",
        Name = "Shop",
        Domain = "shop.example.com",
        PipelineKey = "dk_live_shop",
        Secret = "sk_shop_secret",
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    internal static Integration Integration { get; } = new()
    {
        Id = "int_matomo",
        SourceId = Source.Id,
        Vendor = "matomo",
        Name = "Matomo",
        Config = new Dictionary<string, JsonElement>(),
        Secrets = new Dictionary<string, string>(),
        CreatedAt = Now,
        UpdatedAt = Now,
    };
}
