using System.Reflection;

namespace Signal.Deliver;

/// <summary>How delivery behaves. The defaults suit one Matomo on the same continent.</summary>
internal sealed record DeliverOptions
{
    /// <summary>Time for a connection, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time from a request to the end of its answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause after a failure; each further one doubles it.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause, unless the destination asks for a longer one.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest pause a destination can ask for; then it is probed. A mistake in its configuration must not stop delivery for days.</summary>
    public TimeSpan LongestWish { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Failures in a row after which an integration is left alone until a probe succeeds.</summary>
    public int FailuresToOpen { get; init; } = 5;

    /// <summary>Records a lane reads at once.</summary>
    public int RunLength { get; init; } = 256;

    /// <summary>A lane whose next record has waited longer is given an express lane, for visitors of whom nothing waits.</summary>
    public TimeSpan OvertakeAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A run read longer ago than this is read again: consent, erasure and configuration may have changed.</summary>
    public TimeSpan RunLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time requests in flight get to finish at shutdown.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The agent that stands on requests: never a visitor's, since a Matomo falls back to it.</summary>
    public string UserAgent { get; init; } =
        $"Signal/{typeof(DeliverOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0"}";
}
