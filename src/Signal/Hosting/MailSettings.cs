using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using Signal.Watch;

namespace Signal.Hosting;

/// <summary>Reads the settings of the mail server.</summary>
internal static class MailSettings
{
    private const string Prefix = "SIGNAL_SMTP_";

    /// <summary>The server, or null when none is named.</summary>
    internal static MailServer? Read(SettingsReader read)
    {
        if (read.Text("SIGNAL_SMTP_HOST") is not { } host)
        {
            foreach (var key in SettingSpec.All.Select(s => s.Key).Where(k => k.StartsWith(Prefix, StringComparison.Ordinal) && read.Text(k) is not null))
                read.Fail($"{key} is set, but SIGNAL_SMTP_HOST is not. Name the mail server, or remove {key}.", 0);
            return null;
        }

        var tls = read.OneOf("SIGNAL_SMTP_TLS", "starttls", "starttls", "tls", "none") switch { "tls" => MailTls.Tls, "none" => MailTls.None, _ => MailTls.StartTls };
        var port = read.Number("SIGNAL_SMTP_PORT", tls switch { MailTls.Tls => 465, MailTls.None => 25, _ => 587 }, 1, 65_535);
        var from = read.Text("SIGNAL_SMTP_FROM") ?? read.Fail("SIGNAL_SMTP_FROM is required with SIGNAL_SMTP_HOST: the sender's address.", "signal@localhost");
        if (!MailboxAddress.TryParse(from, out _)) from = read.Fail($"SIGNAL_SMTP_FROM is \"{from}\"; it must be an address such as signal@example.com.", "signal@localhost");
        var (user, password) = (read.Text("SIGNAL_SMTP_USER"), read.Text("SIGNAL_SMTP_PASSWORD"));
        if (tls == MailTls.None && password is not null && host is not ("localhost" or "127.0.0.1" or "::1"))
            read.Fail("SIGNAL_SMTP_PASSWORD would travel in the clear: set SIGNAL_SMTP_TLS to starttls or tls.", 0);
        return new MailServer(host, port, tls, from, user, password, Authorities(read));
    }

    private static X509Certificate2Collection? Authorities(SettingsReader read)
    {
        if (read.Text("SIGNAL_SMTP_CA") is not { } path) return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return read.Fail<X509Certificate2Collection?>($"SIGNAL_SMTP_CA: {path} can't be read: {e.Message}", null);
        }

        return authorities.Count > 0 ? authorities : read.Fail<X509Certificate2Collection?>($"SIGNAL_SMTP_CA: {path} holds no certificate in PEM form.", null);
    }
}
