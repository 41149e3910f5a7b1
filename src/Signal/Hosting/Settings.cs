using System.Net;
using Signal.Manage.Access;
using Signal.Watch;

namespace Signal.Hosting;

/// <summary>What a process can do; a set.</summary>
[Flags]
internal enum Roles
{
    None = 0,
    Collect = 1,
    Deliver = 2,
    Manage = 4,
    All = Collect | Deliver | Manage,
}

/// <summary>The settings of a process, checked. The only place that knows where they come from is <see cref="SettingsReader"/>.</summary>
internal sealed record Settings
{
    public required string DataDirectory { get; init; }

    public required IReadOnlyList<string> CollectUrls { get; init; }

    public required IReadOnlyList<string> ManageUrls { get; init; }

    /// <summary>The address of collection as browsers see it; null when nobody said.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>The address of the console as people see it; null when nobody said.</summary>
    public string? ConsoleUrl { get; init; }

    public required Roles Roles { get; init; }

    public string? AdminEmail { get; init; }

    public string? AdminPassword { get; init; }

    public string? AdminToken { get; init; }

    /// <summary>Whether people may sign in with a password.</summary>
    public bool PasswordSignIn { get; init; } = true;

    /// <summary>The provider people may sign on with; null for none.</summary>
    public SingleSignOnOptions? SingleSignOn { get; init; }

    /// <summary>A configuration file that is applied at the start; null for none.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Also remove what it does not name.</summary>
    public bool PruneConfiguration { get; init; }

    public string? MasterKey { get; init; }

    public IReadOnlyList<string> PreviousMasterKeys { get; init; } = [];

    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public int Partitions { get; init; } = 16;

    public TimeSpan LogRetention { get; init; } = TimeSpan.FromDays(14);

    public long? LogMaxBytes { get; init; }

    public TimeSpan RecordRetention { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan OrderRetention { get; init; } = TimeSpan.FromDays(400);

    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(400);

    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public int ManageRateLimit { get; init; } = 100;

    /// <summary>How often alerts are judged.</summary>
    public TimeSpan AlertEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The server that takes mail; null for none.</summary>
    public MailServer? Mail { get; init; }

    public TimeSpan Shutdown { get; init; } = TimeSpan.FromSeconds(20);

    public bool MetricsOnCollect { get; init; }

    public Uri? OtlpEndpoint { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public bool JsonLogs { get; init; }

    public required IReadOnlyList<string> SandboxUrls { get; init; }

    /// <summary>Looks up a secret that a configuration file refers to by name.</summary>
    public Func<string, string?> ResolveSecret { get; init; } = _ => null;

    /// <summary>Every setting as it was given or its default, secrets masked, for the health page.</summary>
    public IReadOnlyList<(string Name, string Value)> InForce { get; init; } = [];

    /// <summary>Reads and checks them; errors are in the reader, all at once.</summary>
    internal static Settings Read(SettingsReader read, string defaultDataDirectory = "./data")
    {
        read.OneOf("SIGNAL_STORE", "sqlite", "sqlite");
        read.OneOf("SIGNAL_LOG", "embedded", "embedded");
        var provider = SingleSignOnSettings.Read(read);
        return new Settings
        {
            DataDirectory = Path.GetFullPath(read.Text("SIGNAL_DATA_DIR") ?? defaultDataDirectory),
            CollectUrls = Urls(read, "SIGNAL_COLLECT_URLS", "http://localhost:8080"),
            ManageUrls = Urls(read, "SIGNAL_MANAGE_URLS", "http://localhost:8084"),
            PublicUrl = read.Text("SIGNAL_PUBLIC_URL")?.TrimEnd('/'),
            ConsoleUrl = read.Text("SIGNAL_CONSOLE_URL")?.TrimEnd('/'),
            Roles = ReadRoles(read),
            AdminEmail = read.Text("SIGNAL_ADMIN_EMAIL"),
            AdminPassword = AtLeast(read, "SIGNAL_ADMIN_PASSWORD", 10),
            AdminToken = AtLeast(read, "SIGNAL_ADMIN_TOKEN", 32),
            PasswordSignIn = read.Flag("SIGNAL_PASSWORD_SIGN_IN", true) || (provider is null && read.Fail("SIGNAL_PASSWORD_SIGN_IN is false, but there is no single sign-on (SIGNAL_OIDC_AUTHORITY): nobody could sign in.", true)),
            SingleSignOn = provider,
            ConfigurationFile = read.Text("SIGNAL_CONFIGURATION") is { } file ? Path.GetFullPath(file) : null,
            PruneConfiguration = read.Flag("SIGNAL_CONFIGURATION_PRUNE", false),
            MasterKey = AtLeast(read, "SIGNAL_MASTER_KEY", 32),
            PreviousMasterKeys = read.List("SIGNAL_MASTER_KEY_PREVIOUS", "", ';'),
            TrustedProxies = Networks(read, "SIGNAL_TRUSTED_PROXIES", "127.0.0.0/8,::1/128"),
            Partitions = read.Number("SIGNAL_PARTITIONS", 16, 1, 256),
            LogRetention = TimeSpan.FromDays(read.Number("SIGNAL_LOG_RETENTION_DAYS", 14, 1, 3650)),
            LogMaxBytes = read.Bytes("SIGNAL_LOG_MAX_BYTES"),
            RecordRetention = TimeSpan.FromDays(read.Number("SIGNAL_RECORD_RETENTION_DAYS", 7, 1, 3650)),
            OrderRetention = TimeSpan.FromDays(read.Number("SIGNAL_ORDER_RETENTION_DAYS", 400, 1, 3650)),
            AuditRetention = TimeSpan.FromDays(read.Number("SIGNAL_AUDIT_RETENTION_DAYS", 400, 1, 3650)),
            DeliveryTimeout = TimeSpan.FromSeconds(read.Number("SIGNAL_DELIVERY_TIMEOUT_SECONDS", 30, 1, 600)),
            ManageRateLimit = read.Number("SIGNAL_MANAGE_RATE_LIMIT", 100, 1, 1_000_000),
            AlertEvery = TimeSpan.FromSeconds(read.Number("SIGNAL_ALERT_SECONDS", 30, 1, 3600)),
            Mail = MailSettings.Read(read),
            Shutdown = TimeSpan.FromSeconds(read.Number("SIGNAL_SHUTDOWN_SECONDS", 20, 1, 600)),
            MetricsOnCollect = read.Flag("SIGNAL_METRICS_ON_COLLECT", false),
            OtlpEndpoint = Address(read, "SIGNAL_OTLP_ENDPOINT"),
            LogLevel = Enum.Parse<LogLevel>(read.OneOf("SIGNAL_LOG_LEVEL", "information", "debug", "information", "warning", "error"), ignoreCase: true),
            JsonLogs = read.OneOf("SIGNAL_LOG_FORMAT", "text", "text", "json") == "json",
            SandboxUrls = Urls(read, "SIGNAL_SANDBOX_URLS", "http://localhost:8085"),
            ResolveSecret = read.Secret,
            InForce = [.. SettingSpec.All.Select(s => (s.Key, read.Text(s.Key) is { } given ? s.Secret ? "***" : given : s.Default))],
        };
    }

    private static IReadOnlyList<string> Urls(SettingsReader read, string key, string fallback)
    {
        var urls = read.List(key, fallback, ';', ',');
        var wrong = urls.FirstOrDefault(u => !u.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !u.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        return wrong is null && urls.Count > 0
            ? urls
            : read.Fail($"{key} holds \"{wrong}\"; each listener must look like http://localhost:8080.", (IReadOnlyList<string>)[fallback]);
    }

    private static Roles ReadRoles(SettingsReader read)
    {
        var roles = Roles.None;
        foreach (var name in read.List("SIGNAL_ROLES", "collect,deliver,manage", ',', ';'))
        {
            if (Enum.TryParse<Roles>(name, ignoreCase: true, out var role) && role is Roles.Collect or Roles.Deliver or Roles.Manage) roles |= role;
            else read.Fail($"SIGNAL_ROLES holds \"{name}\"; the roles are collect, deliver and manage.", 0);
        }

        return roles;
    }

    private static string? AtLeast(SettingsReader read, string key, int length)
    {
        var text = read.Text(key);
        return text is null || text.Length >= length ? text : read.Fail<string?>($"{key} has {text.Length} characters; it must have at least {length}.", null);
    }

    private static List<IPNetwork> Networks(SettingsReader read, string key, string fallback)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in read.List(key, fallback, ',', ';'))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else read.Fail($"{key} holds \"{text}\"; each must be an address or a CIDR range such as 10.0.0.0/8.", 0);
        }

        return networks;
    }

    private static Uri? Address(SettingsReader read, string key)
    {
        var text = read.Text(key);
        if (text is null) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : read.Fail<Uri?>($"{key} is \"{text}\"; it must be an address such as http://localhost:4317.", null);
    }
}
