using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Signal.Hosting;
using Xunit;

namespace Signal.Tests.Hosting;

public partial class SettingsTests
{
    [Fact]
    public void Read_Nothing_IsEverythingOnOneMachine()
    {
        var (settings, errors) = Read();

        errors.ShouldBeEmpty();
        settings.CollectUrls.ShouldBe(["http://localhost:8080"]);
        settings.ManageUrls.ShouldBe(["http://localhost:8084"]);
        settings.PublicUrl.ShouldBeNull();
        settings.Roles.ShouldBe(Roles.All);
        settings.LogRetention.ShouldBe(TimeSpan.FromDays(14));
        settings.TrustedProxies.ShouldContain(n => n.Contains(IPAddress.Loopback));
    }

    [Fact]
    public void Read_ManyMistakes_TellsAllAtOnceAndNamesEach()
    {
        var (_, errors) = Read(
            ("SIGNAL_ROLES", "collect,dance"),
            ("SIGNAL_PARTITIONS", "0"),
            ("SIGNAL_ADMIN_TOKEN", "short"),
            ("SIGNAL_COLLECT_URLS", "localhost:8080"),
            ("SIGNAL_TRUSTED_PROXIES", "10.0.0.0/99"),
            ("SIGNAL_STORE", "oracle"));

        errors.Count.ShouldBe(6);
        errors.ShouldContain(e => e.Contains("SIGNAL_ROLES") && e.Contains("dance"));
        errors.ShouldContain(e => e.Contains("SIGNAL_PARTITIONS") && e.Contains("1 to 256"));
        errors.ShouldContain(e => e.Contains("SIGNAL_ADMIN_TOKEN") && e.Contains("32") && !e.Contains("short"));
    }

    [Fact]
    public void Read_SingleSignOn_TakesRolesAndDomains()
    {
        var (settings, errors) = Read(
            ("SIGNAL_OIDC_AUTHORITY", "https://login.example.com/realms/main"),
            ("SIGNAL_OIDC_CLIENT_ID", "signal"),
            ("SIGNAL_OIDC_DOMAINS", "example.com, @example.org"),
            ("SIGNAL_OIDC_ROLES", "admin=ops; editor=shop,marketing; viewer=*"));

        errors.ShouldBeEmpty();
        settings.SingleSignOn!.Domains.ShouldBe(["example.com", "example.org"]);
        settings.SingleSignOn.Scopes.ShouldBe(["openid", "profile", "email"]);
        settings.SingleSignOn.Roles.Select(r => $"{r.Key}={r.Value}").Order().ShouldBe(["*=viewer", "marketing=editor", "ops=admin", "shop=editor"]);
    }

    [Theory]
    [InlineData("SIGNAL_OIDC_AUTHORITY", "http://login.example.com", "must be https")]
    [InlineData("SIGNAL_OIDC_AUTHORITY", "login.example.com", "issuer's address")]
    [InlineData("SIGNAL_OIDC_CLIENT_ID", "", "SIGNAL_OIDC_CLIENT_ID is required")]
    [InlineData("SIGNAL_OIDC_SCOPES", "profile", "must hold openid")]
    [InlineData("SIGNAL_OIDC_ROLES", "owner=ops", "viewer, editor or admin in front")]
    [InlineData("SIGNAL_OIDC_ROLES", "admin=ops;viewer=ops", "twice")]
    public void Read_SingleSignOnWrong_SaysWhatIsWanted(string key, string value, string message)
    {
        var given = new Dictionary<string, string> { ["SIGNAL_OIDC_AUTHORITY"] = "https://login.example.com", ["SIGNAL_OIDC_CLIENT_ID"] = "signal" };
        if (value.Length == 0) given.Remove(key);
        else given[key] = value;

        Read([.. given.Select(g => (g.Key, g.Value))]).Errors.ShouldHaveSingleItem().ShouldContain(message);
    }

    [Fact]
    public void Read_SingleSignOnWithoutItsAuthority_NamesWhatDangles() =>
        Read(("SIGNAL_OIDC_CLIENT_ID", "signal"), ("SIGNAL_PASSWORD_SIGN_IN", "false")).Errors.Select(e => e.Split(' ')[0]).ShouldBe(["SIGNAL_OIDC_CLIENT_ID", "SIGNAL_PASSWORD_SIGN_IN"]);

    [Fact]
    public void Read_SecretFromAFile_IsItsTextWithoutTheLineEnd()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string('k', 40) + "\n");

            Read(("SIGNAL_ADMIN_TOKEN_FILE", path)).Settings.AdminToken.ShouldBe(new string('k', 40));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void InForce_Secrets_AreMasked()
    {
        var (settings, _) = Read(("SIGNAL_ADMIN_TOKEN", new string('s', 40)), ("SIGNAL_PARTITIONS", "8"));

        settings.InForce.ShouldContain(("SIGNAL_ADMIN_TOKEN", "***"));
        settings.InForce.ShouldContain(("SIGNAL_PARTITIONS", "8"));
        settings.InForce.ShouldContain(("SIGNAL_STORE", "sqlite"));
    }

    [Fact]
    public void Read_Mail_PortsFollowTheProtection()
    {
        var (settings, errors) = Read(("SIGNAL_SMTP_HOST", "mail.example.com"), ("SIGNAL_SMTP_FROM", "signal@example.com"), ("SIGNAL_SMTP_TLS", "tls"), ("SIGNAL_SMTP_PASSWORD", "a password"));

        errors.ShouldBeEmpty();
        settings.Mail!.Port.ShouldBe(465);
        settings.Mail.ToString().ShouldNotContain("a password");
        Read().Settings.Mail.ShouldBeNull();
    }

    [Fact]
    public void Read_Mail_MistakesAreToldAtOnce()
    {
        var (_, errors) = Read(("SIGNAL_SMTP_HOST", "mail.example.com"), ("SIGNAL_SMTP_TLS", "none"), ("SIGNAL_SMTP_PORT", "0"), ("SIGNAL_SMTP_PASSWORD", "a password"));

        errors.Count.ShouldBe(3);
        errors.ShouldContain(e => e.Contains("SIGNAL_SMTP_FROM is required"));
        errors.ShouldContain(e => e.Contains("in the clear") && !e.Contains("a password"));
        Read(("SIGNAL_SMTP_FROM", "signal@example.com")).Errors.ShouldHaveSingleItem().ShouldContain("SIGNAL_SMTP_HOST is not");
    }

    [Theory]
    [InlineData("collect", Roles.Collect)]
    [InlineData("deliver, manage", Roles.Deliver | Roles.Manage)]
    public void Read_Roles_AreASet(string text, object roles) => Read(("SIGNAL_ROLES", text)).Settings.Roles.ShouldBe(roles);

    [Fact]
    public void Readme_SettingsTable_IsWhatTheCodeSays()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
            .Select(m => (m.Groups["key"].Value, m.Groups["default"].Value.Trim('`'), m.Groups["meaning"].Value));

        rows.ShouldBe(SettingSpec.All.Select(s => (s.Key, s.Default, s.Meaning)));
    }

    private static (Settings Settings, IReadOnlyList<string> Errors) Read(params (string Key, string Value)[] values)
    {
        var reader = new SettingsReader(values.ToDictionary(v => v.Key, v => v.Value));
        var settings = Settings.Read(reader);
        return (settings, reader.Errors);
    }

    [GeneratedRegex("""^\| `(?<key>SIGNAL_[A-Z_]+)`(?: \(secret\))? \| (?<default>.*?) \| (?<meaning>.*) \|$""", RegexOptions.Multiline)]
    private static partial Regex Row();
}
