namespace Signal.Hosting;

/// <summary>One setting as it is documented. The table in the README is tested against this list.</summary>
/// <param name="Key">The environment variable, and the key in <c>signal.json</c>.</param>
/// <param name="Default">What holds when it is left out, as people read it.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Secret">Never shown; may be given as a file by the key with <c>_FILE</c> behind it.</param>
internal sealed record SettingSpec(string Key, string Default, string Meaning, bool Secret = false)
{
    internal static readonly IReadOnlyList<SettingSpec> All =
    [
        new("SIGNAL_DATA_DIR", "./data", "Where the embedded store lives; locked exclusively by one process."),
        new("SIGNAL_COLLECT_URLS", "http://localhost:8080", "Listeners of collection, separated by `;`."),
        new("SIGNAL_MANAGE_URLS", "http://localhost:8084", "Listeners of management (API and console), separated by `;`."),
        new("SIGNAL_PUBLIC_URL", "the first of SIGNAL_COLLECT_URLS", "The address of collection as browsers see it; stands in the snippets."),
        new("SIGNAL_CONSOLE_URL", "the first of SIGNAL_MANAGE_URLS", "The address of the console as people see it; stands in alerts."),
        new("SIGNAL_ROLES", "collect,deliver,manage", "What this process does."),
        new("SIGNAL_ADMIN_EMAIL", "–", "The first administrator. Without it the first start prints a one-time set-up link."),
        new("SIGNAL_ADMIN_PASSWORD", "–", "The first administrator's password, at least 10 characters.", Secret: true),
        new("SIGNAL_ADMIN_TOKEN", "–", "A fixed API token with administrator rights, at least 32 characters, for automation.", Secret: true),
        new("SIGNAL_PASSWORD_SIGN_IN", "true", "`false`: nobody signs in with a password; needs single sign-on."),
        new("SIGNAL_OIDC_AUTHORITY", "–", "Single sign-on: the issuer of an OpenID Connect provider, such as `https://login.example.com/realms/main`."),
        new("SIGNAL_OIDC_CLIENT_ID", "–", "Signal's name at the provider. Register `{address of management}/sign-on/callback` as its redirect address."),
        new("SIGNAL_OIDC_CLIENT_SECRET", "–", "What proves it; without it Signal is a public client with PKCE.", Secret: true),
        new("SIGNAL_OIDC_SCOPES", "openid profile email", "What is asked of the provider, separated by spaces."),
        new("SIGNAL_OIDC_LABEL", "single sign-on", "What people call the provider; stands on the button."),
        new("SIGNAL_OIDC_DOMAINS", "–", "Domains an e-mail address must belong to, separated by `,`; any when left out."),
        new("SIGNAL_OIDC_TRUST_EMAIL", "false", "Take an address that the provider does not mark as verified."),
        new("SIGNAL_OIDC_ROLE_CLAIM", "groups", "The claim that holds groups or roles; a path such as `realm_access.roles` reaches into an object."),
        new("SIGNAL_OIDC_ROLES", "–", "Which value gives which role, such as `admin=signal-admins;editor=shop,marketing;viewer=*`. Left out: only people an administrator has added."),
        new("SIGNAL_CONFIGURATION", "–", "A configuration file, as `signal export` prints it, that is applied at each start."),
        new("SIGNAL_CONFIGURATION_PRUNE", "false", "Also remove sources and integrations that the file does not name."),
        new("SIGNAL_MASTER_KEY", "generated into the data directory, mode 0600", "Encrypts secrets at rest: 32 bytes as base64, or any text of at least 32 characters.", Secret: true),
        new("SIGNAL_MASTER_KEY_PREVIOUS", "–", "Earlier master keys, separated by `;`, while their secrets are still being re-encrypted.", Secret: true),
        new("SIGNAL_TRUSTED_PROXIES", "127.0.0.0/8,::1/128", "Addresses and CIDR ranges whose `X-Forwarded-For`, `X-Forwarded-Proto` and `Forwarded` are believed."),
        new("SIGNAL_STORE", "sqlite", "The state store. This version has `sqlite`."),
        new("SIGNAL_LOG", "embedded", "The event log. This version has `embedded`."),
        new("SIGNAL_PARTITIONS", "16", "Partitions of a new event log, 1 to 256; fixed once the log exists."),
        new("SIGNAL_LOG_RETENTION_DAYS", "14", "How long the log keeps events, delivered or not."),
        new("SIGNAL_LOG_MAX_BYTES", "–", "The log's size in bytes at most; the oldest events go first."),
        new("SIGNAL_RECORD_RETENTION_DAYS", "7", "How long Recent Events are kept."),
        new("SIGNAL_ORDER_RETENTION_DAYS", "400", "How long the order ledger remembers an order."),
        new("SIGNAL_AUDIT_RETENTION_DAYS", "400", "How long the audit log is kept."),
        new("SIGNAL_DELIVERY_TIMEOUT_SECONDS", "30", "How long a destination may take to answer."),
        new("SIGNAL_MANAGE_RATE_LIMIT", "100", "Requests a minute a user may make of the management API."),
        new("SIGNAL_ALERT_SECONDS", "30", "How often alerts are judged, 1 to 3600."),
        new("SIGNAL_SMTP_HOST", "–", "Alerts by e-mail: the server that takes mail."),
        new("SIGNAL_SMTP_PORT", "587, or 465 (`tls`), 25 (`none`)", "Its port."),
        new("SIGNAL_SMTP_TLS", "starttls", "`starttls`, `tls` from the first byte, or `none` for a relay nearby (without a password, unless it is on the same machine)."),
        new("SIGNAL_SMTP_CA", "–", "A PEM file of certificates whose issues are trusted for the mail server, besides those the system trusts."),
        new("SIGNAL_SMTP_FROM", "–", "The sender's address, such as `signal@example.com`; required with SIGNAL_SMTP_HOST."),
        new("SIGNAL_SMTP_USER", "–", "Who signs in there; nobody when left out."),
        new("SIGNAL_SMTP_PASSWORD", "–", "What proves it.", Secret: true),
        new("SIGNAL_SHUTDOWN_SECONDS", "20", "How long a stop waits for requests in flight."),
        new("SIGNAL_METRICS_ON_COLLECT", "false", "Serve `/metrics` on the collection listeners too."),
        new("SIGNAL_OTLP_ENDPOINT", "–", "Send traces and metrics by OTLP to this address: by HTTP to port 4318, else by gRPC. OpenTelemetry's own variables apply too (`OTEL_EXPORTER_OTLP_PROTOCOL`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES` and so on)."),
        new("SIGNAL_LOG_LEVEL", "information", "`debug`, `information`, `warning` or `error`."),
        new("SIGNAL_LOG_FORMAT", "text", "`text` for people, `json` for machines."),
        new("SIGNAL_SANDBOX_URLS", "http://localhost:8085", "The listener of the Matomo sandbox in `signal demo`."),
    ];
}
