namespace Signal.Configure;

/// <summary>How the configuration is read.</summary>
public sealed record ConfigureOptions
{
    /// <summary>How often to look for changes another process made. Null: this process is the only one.</summary>
    public TimeSpan? PollEvery { get; init; }
}
