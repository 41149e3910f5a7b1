using System.Security.Cryptography.X509Certificates;

namespace Signal.Watch;

/// <summary>How this process watches; the host reads the settings.</summary>
internal sealed record WatchOptions
{
    /// <summary>How often it looks and judges, and the first wait after a message that was not taken.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The embedded store's directory; null when the data is elsewhere and no disk is watched.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long the log keeps events; the disk's growth ends there.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>The log's size at most; null for no limit. The disk's growth ends there too.</summary>
    public long? LogMaxBytes { get; init; }

    /// <summary>The address of the console for links; null while it is not known.</summary>
    public Func<string?> Console { get; init; } = () => null;

    /// <summary>The mail server; null when none is set.</summary>
    public MailServer? Mail { get; init; }

    /// <summary>How long a channel may take.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait between two tries of a message.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A message older than this is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long alerts that are over are kept.</summary>
    public TimeSpan KeepAlerts { get; init; } = TimeSpan.FromDays(400);
}

/// <summary>How mail is protected on its way to the server.</summary>
internal enum MailTls
{
    /// <summary>TLS after a greeting in the clear; refused when the server does not offer it (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>In the clear, for a relay on the same machine or network.</summary>
    None,
}

/// <summary>The server that takes mail.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">How the way there is protected.</param>
/// <param name="From">Who writes.</param>
/// <param name="User">Who signs in; null for nobody.</param>
/// <param name="Password">What proves it.</param>
/// <param name="Authorities">Certificates whose issues are trusted besides those the system trusts.</param>
internal sealed record MailServer(string Host, int Port, MailTls Tls, string From, string? User, string? Password, X509Certificate2Collection? Authorities = null)
{
    // Never prints the password.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Host = ").Append(Host).Append(", Port = ").Append(Port);
        return true;
    }
}
