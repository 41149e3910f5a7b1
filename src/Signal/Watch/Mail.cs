using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Signal.State;

namespace Signal.Watch;

/// <summary>Sends a notice as plain text. Messages about one alert refer to one another, so that mail programs show them as one conversation.</summary>
internal sealed class Mail(WatchOptions options, TimeProvider time)
{
    private const int MaxAnswer = 300;

    /// <summary>Tries once; null when the server took it.</summary>
    public async Task<string?> SendAsync(AlertChannel channel, Notice notice, CancellationToken stop)
    {
        if (options.Mail is not { } server) return "No mail server is set. Set SIGNAL_SMTP_HOST and SIGNAL_SMTP_FROM, and start Signal again.";
        using var limit = new CancellationTokenSource(options.AnswerTimeout * 3, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var trust = new MailTrust(server.Authorities);
        try
        {
            // No revocation lists, as for webhooks: where they can't be reached, alerts should arrive all the same.
            using var client = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = trust.Accepts };
            using var message = Message(channel, notice, server);
            await client.ConnectAsync(server.Host, server.Port, Options(server.Tls), either.Token);
            if (server.User is not null) await client.AuthenticateAsync(server.User, server.Password ?? "", either.Token);
            await client.SendAsync(message, either.Token);
            await client.DisconnectAsync(quit: true, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"The mail server {server.Host} did not answer in time.";
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or NotSupportedException)
        {
            return MaskedAddress.In(Failed(e, server, trust.Refused), channel.To);
        }
    }

    /// <summary>The message.</summary>
    internal static MimeMessage Message(AlertChannel channel, Notice notice, MailServer server)
    {
        var message = new MimeMessage { Date = notice.At, Subject = Line($"[Signal] {(notice.Type == "resolved" ? "Resolved: " : "")}{notice.Title}") };
        var from = MailboxAddress.Parse(server.From);
        message.From.Add(from);
        message.To.AddRange(channel.To.Select(MailboxAddress.Parse));
        message.MessageId = $"{notice.Id}@{from.Domain}";
        if (notice.Alert is { } alert) message.References.Add($"{alert.Id}@{from.Domain}");
        // Nobody's absence note should answer.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = $"{notice.Text}\n{(notice.Link is null ? "" : $"\n{notice.Link}\n")}" };
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static SecureSocketOptions Options(MailTls tls) => tls switch
    {
        MailTls.Tls => SecureSocketOptions.SslOnConnect,
        MailTls.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };

    private static string Failed(Exception e, MailServer server, SslPolicyErrors certificate) => e switch
    {
        SslHandshakeException when certificate.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => $"The certificate of the mail server is not for {server.Host}. Set SIGNAL_SMTP_HOST to the name it is for.",
        SslHandshakeException when certificate != SslPolicyErrors.None => $"The certificate of the mail server {server.Host} is not trusted. Name its issuer's certificate by SIGNAL_SMTP_CA.",
        AuthenticationException => $"The mail server {server.Host} refused the user or password (SIGNAL_SMTP_USER, SIGNAL_SMTP_PASSWORD).",
        SslHandshakeException => $"The mail server {server.Host} does not speak TLS at port {server.Port} as SIGNAL_SMTP_TLS says.",
        NotSupportedException => $"The mail server {server.Host} offers no TLS or no sign-in (SIGNAL_SMTP_TLS, SIGNAL_SMTP_USER).",
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused => $"The mail server refused {refused.Mailbox?.Address}: {Cut(refused.Message)}",
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => $"The mail server refused the sender (SIGNAL_SMTP_FROM): {Cut(refused.Message)}",
        CommandException refused => $"The mail server refused the message: {Cut(refused.Message)}",
        SocketException { SocketErrorCode: var code } => $"The mail server {server.Host}:{server.Port} can't be reached ({code}).",
        _ => $"The mail server {server.Host}:{server.Port} broke off.",
    };

    private static string Cut(string text) => Line(text.Length > MaxAnswer ? text[..MaxAnswer] : text);
}
