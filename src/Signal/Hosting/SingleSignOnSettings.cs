using Signal.Manage.Access;

namespace Signal.Hosting;

/// <summary>Reads the settings of single sign-on.</summary>
internal static class SingleSignOnSettings
{
    private const string Prefix = "SIGNAL_OIDC_";

    /// <summary>The provider, or null when none is named.</summary>
    internal static SingleSignOnOptions? Read(SettingsReader read)
    {
        if (read.Text("SIGNAL_OIDC_AUTHORITY") is not { } text)
        {
            foreach (var key in SettingSpec.All.Select(s => s.Key).Where(k => k.StartsWith(Prefix, StringComparison.Ordinal) && read.Text(k) is not null))
                read.Fail($"{key} is set, but SIGNAL_OIDC_AUTHORITY is not. Name the provider, or remove {key}.", 0);
            return null;
        }

        var authority = Authority(read, text);
        var id = read.Text("SIGNAL_OIDC_CLIENT_ID") ?? read.Fail("SIGNAL_OIDC_CLIENT_ID is required with SIGNAL_OIDC_AUTHORITY: the client as the provider knows it.", "");
        var scopes = read.List("SIGNAL_OIDC_SCOPES", "openid profile email", ' ', ',');
        return new SingleSignOnOptions
        {
            Authority = authority,
            ClientId = id,
            ClientSecret = read.Text("SIGNAL_OIDC_CLIENT_SECRET"),
            Scopes = scopes.Contains("openid") ? scopes : read.Fail("SIGNAL_OIDC_SCOPES must hold openid.", scopes),
            Label = read.Text("SIGNAL_OIDC_LABEL") ?? "single sign-on",
            Domains = [.. read.List("SIGNAL_OIDC_DOMAINS", "", ',', ';').Select(d => d.TrimStart('@'))],
            TrustEmail = read.Flag("SIGNAL_OIDC_TRUST_EMAIL", false),
            RoleClaim = read.Text("SIGNAL_OIDC_ROLE_CLAIM") ?? "groups",
            Roles = RolesOf(read),
        };
    }

    private static Uri Authority(SettingsReader read, string text)
    {
        var fallback = new Uri("https://localhost");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return read.Fail($"SIGNAL_OIDC_AUTHORITY is \"{text}\"; it must be the issuer's address such as https://login.example.com/realms/main.", fallback);
        return uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback ? uri : read.Fail("SIGNAL_OIDC_AUTHORITY must be https: over http anybody on the way could sign in as anybody.", fallback);
    }

    private static Dictionary<string, string> RolesOf(SettingsReader read)
    {
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in read.List("SIGNAL_OIDC_ROLES", "", ';'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var role = equals < 0 ? "" : pair[..equals].Trim();
            if (!Manage.Access.Roles.All.Contains(role))
            {
                read.Fail($"SIGNAL_OIDC_ROLES holds \"{pair}\"; each part must look like editor=marketing,shop with the role viewer, editor or admin in front.", 0);
                continue;
            }

            foreach (var value in pair[(equals + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                if (!roles.TryAdd(value, role)) read.Fail($"SIGNAL_OIDC_ROLES names \"{value}\" twice.", 0);
        }

        return roles;
    }
}
