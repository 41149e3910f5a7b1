using Signal.Manage.Access;

namespace Signal.Console;

/// <summary>Settings of the console.</summary>
public sealed record ConsoleOptions
{
    /// <summary>How long a session lives without being used.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How often an open page asks whether its user may still be there; every action asks anyway.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a live list takes in what has happened since.</summary>
    public TimeSpan LiveStep { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Where browsers reach the collection side, <c>https://data.example.com</c>, for snippets; null when it is not known: then the console's own host with port 8080 is shown.</summary>
    public Func<string?> CollectAddress { get; init; } = () => null;

    /// <summary>Where the embedded store lies, for the disk's share of the health page; null when there is none.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The provider people may sign on with; null for none.</summary>
    public SingleSignOnOptions? SingleSignOn { get; init; }

    /// <summary>The settings in force, secrets masked, for the health page.</summary>
    public Func<IReadOnlyList<(string Name, string Value)>> Settings { get; init; } = () => [];
}
