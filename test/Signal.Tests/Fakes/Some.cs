using Signal.Configure;

namespace Signal.Tests.Fakes;

/// <summary>Complete valid values to start from, with <c>with</c>.</summary>
internal static partial class Some
{
    private static readonly DateTimeOffset Long = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Source Source { get; } = new()
    {
        Id = "src_1",
        Name = "Shop",
        Domain = "shop.example.com",
        PipelineKey = "dk_live_1",
        Secret = "sk_1",
        CreatedAt = Long,
        UpdatedAt = Long,
    };

    public static Integration Integration { get; } = new()
    {
        Id = "int_1",
        SourceId = "src_1",
        Vendor = FakeDestination.Vendor,
        Name = "Fake",
        Config = new Dictionary<string, System.Text.Json.JsonElement>(),
        Secrets = new Dictionary<string, string>(),
        CreatedAt = Long,
        UpdatedAt = Long,
    };
}
