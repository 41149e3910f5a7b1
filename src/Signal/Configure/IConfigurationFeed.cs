namespace Signal.Configure;

/// <summary>The configuration in force. Reading it costs nothing; a change is a new snapshot.</summary>
public interface IConfigurationFeed
{
    /// <summary>The snapshot in force.</summary>
    ConfigurationSnapshot Current { get; }

    /// <summary>Completes when a snapshot newer than <paramref name="version"/> is in force.</summary>
    Task ChangedAsync(long version, CancellationToken stop);
}
