using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Signal.Tests.Scenarios;

/// <summary>A small SMTP server of the test's on real TCP: asks for the user and password it was given, keeps what it takes.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly string _credentials;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly ConcurrentQueue<Mail> _mails = new();

    private MailReceiver(TcpListener listener, string user, string password)
    {
        _listener = listener;
        _credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        _loop = Task.Run(ServeAsync);
    }

    internal sealed record Mail(string From, IReadOnlyList<string> To, MimeMessage Message);

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every mail so far.</summary>
    internal IReadOnlyList<Mail> Mails => [.. _mails];

    internal static MailReceiver Start(string user, string password)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new MailReceiver(listener, user, password);
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
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The next one, or the end.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var (from, to, known) = ("", new List<string>(), false);
        await SayAsync("220 mail.test ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "EHLO") await SayAsync("250-mail.test\r\n250 AUTH PLAIN");
            else if (verb == "AUTH") await SayAsync((known = line.EndsWith(" " + _credentials, StringComparison.Ordinal)) ? "235 2.7.0 Welcome" : "535 5.7.8 No");
            else if (verb == "MAIL" && known) await SayAsync(Keep(() => from = Between(line)));
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

    private static string Keep(Action keep)
    {
        keep();
        return "250 2.1.0 Ok";
    }

    private static string Between(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
