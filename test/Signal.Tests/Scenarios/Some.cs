namespace Signal.Tests.Scenarios;

/// <summary>Complete valid values to start from.</summary>
internal static class Some
{
    internal const string Browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36";

    internal static string Visitor() => Guid.NewGuid().ToString();
}
