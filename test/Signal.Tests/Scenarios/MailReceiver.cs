using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace Signal.Tests.Scenarios;

/// <summary>A small SMTP server of the test's on real TCP: in the clear, with STARTTLS or with TLS from the first byte; asks for the user and password it was given, keeps what it takes.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly string _credentials;
    private readonly X509Certificate2? _certificate;
    private readonly bool _atOnce;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly ConcurrentQueue<Mail> _mails = new();

    private MailReceiver(TcpListener listener, string user, string password, X509Certificate2? certificate, bool atOnce)
    {
        (_listener, _certificate, _atOnce) = (listener, certificate, atOnce);
        _credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        _loop = Task.Run(ServeAsync);
    }

    internal sealed record Mail(string From, IReadOnlyList<string> To, MimeMessage Message);

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every mail so far.</summary>
    internal IReadOnlyList<Mail> Mails => [.. _mails];

    /// <summary>An address that is refused.</summary>
    internal string? Unknown { get; set; }

    /// <summary>How many signed in, each over TLS where there is a certificate.</summary>
    internal int SignedIn { get; private set; }

    /// <summary>Listens; with a certificate it takes nobody's password before TLS, which begins <paramref name="atOnce"/> or with STARTTLS.</summary>
    internal static MailReceiver Start(string user, string password, X509Certificate2? certificate = null, bool atOnce = false, int port = 0)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return new MailReceiver(listener, user, password, certificate, atOnce);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var plain = client.GetStream();
                if (!_atOnce)
                {
                    await TalkAsync(plain);
                    continue;
                }

                await using var secure = await SecureAsync(plain);
                await TalkAsync(secure);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or AuthenticationException)
            {
                // The next one, or the end.
            }
        }
    }

    private async Task<SslStream> SecureAsync(Stream plain)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(_certificate!);
        return secure;
    }

    private async Task TalkAsync(Stream stream, bool greets = true)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var (from, to, known) = ("", new List<string>(), false);
        var open = _certificate is not null && stream is not SslStream;
        if (greets) await SayAsync("220 mail.test ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "EHLO") await SayAsync($"250-mail.test\r\n250 {(open ? "STARTTLS" : "AUTH PLAIN")}");
            else if (verb == "STARTTLS" && open)
            {
                await SayAsync("220 2.0.0 Go on");
                await using var secure = await SecureAsync(stream);
                await TalkAsync(secure, greets: false);
                return;
            }
            else if (open) await SayAsync("530 5.7.0 Must issue a STARTTLS command first");
            else if (verb == "AUTH") await SayAsync((known = SignIn(line)) ? "235 2.7.0 Welcome" : "535 5.7.8 No");
            else if (verb == "MAIL" && known) await SayAsync(Keep(() => from = Between(line)));
            else if (verb == "RCPT" && known && Between(line) == Unknown) await SayAsync($"550 5.1.1 <{Unknown}>: no such mailbox");
            else if (verb == "RCPT" && known) await SayAsync(Keep(() => to.Add(Between(line))));
            else if (verb == "DATA" && known)
            {
                await SayAsync("354 Go on");
                _mails.Enqueue(new Mail(from, [.. to], await MessageAsync(reader)));
                await SayAsync("250 2.0.0 Taken");
                to.Clear();
            }
            else if (verb == "QUIT")
            {
                await SayAsync("221 Bye");
                return;
            }
            else await SayAsync(known ? "250 Ok" : "530 5.7.0 Sign in first");
        }

        Task SayAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _stop.Token).AsTask();
    }

    private async Task<MimeMessage> MessageAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line and not ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()));
        return await MimeMessage.LoadAsync(bytes, _stop.Token);
    }

    private bool SignIn(string line)
    {
        if (!line.EndsWith(" " + _credentials, StringComparison.Ordinal)) return false;
        SignedIn++;
        return true;
    }

    private static string Keep(Action keep)
    {
        keep();
        return "250 2.1.0 Ok";
    }

    private static string Between(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
