using Signal.State;

namespace Signal.Watch;

/// <summary>What is known at a moment, and nothing else: what is judged can be written down and judged again.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Since">Since when this process watches: what it has not seen it does not call silence.</param>
/// <param name="LogRetention">How long events are kept.</param>
/// <param name="Integrations">The enabled integrations.</param>
/// <param name="Sources">The enabled sources.</param>
/// <param name="Disk">The disk; null where none is watched.</param>
/// <param name="Known">The ids of all integrations and sources, the disabled ones too.</param>
internal sealed record Observation(
    DateTimeOffset Now,
    DateTimeOffset Since,
    TimeSpan LogRetention,
    IReadOnlyList<SeenIntegration> Integrations,
    IReadOnlyList<SeenSource> Sources,
    DiskOutlook? Disk,
    IReadOnlySet<string> Known);

/// <summary>An integration and the rules in force for it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Health">How it fares; null when never seen.</param>
/// <param name="Waiting">Events that wait; counted only while it fails.</param>
/// <param name="NewDeadLetters">Dead letters within the rule's minutes.</param>
/// <param name="Delivery">The rule about delivery.</param>
/// <param name="DeadLetters">The rule about dead letters.</param>
internal sealed record SeenIntegration(
    string Id, string Name, IntegrationHealth? Health, long Waiting, long NewDeadLetters, AlertRule Delivery, AlertRule DeadLetters);

/// <summary>A source and the rule in force for it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Received">Events within the rule's minutes.</param>
/// <param name="Usual">What is usual for those minutes at this time of day; asked only when there were none.</param>
/// <param name="LastAt">When the last event came, of the last eight days; asked only when there were none.</param>
/// <param name="Rule">The rule.</param>
internal sealed record SeenSource(string Id, string Name, long Received, double Usual, DateTimeOffset? LastAt, AlertRule Rule);

/// <summary>The disk and where it is going.</summary>
/// <param name="Now">As it is.</param>
/// <param name="Forecast">Where it is going.</param>
/// <param name="Rule">The rule.</param>
internal sealed record DiskOutlook(DiskSample Now, DiskForecast Forecast, AlertRule Rule);
