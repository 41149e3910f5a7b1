using Signal.State;

namespace Signal.Watch;

/// <summary>
/// Sends the messages that are due, each channel's in their order; what is not taken is tried again with growing gaps and given up
/// after days. A crash between taking and noting repeats one message, which keeps its id.
/// </summary>
internal sealed class Messenger(IAlertStore store, IChannelSender sender, WatchOptions options, TimeProvider time, ILogger<Messenger> log)
{
    private const int MostRounds = 50;

    /// <summary>Sends until nothing is due any more.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var due = await store.DueAsync(time.GetUtcNow(), stop);
            var channels = (await store.ChannelsAsync(stop)).Where(c => c.Enabled).ToDictionary(c => c.Id);
            var sent = await Task.WhenAll(due.Where(m => channels.ContainsKey(m.ChannelId)).Select(m => SendAsync(m, channels[m.ChannelId], stop)));
            if (!sent.Contains(true)) return;
        }
    }

    private async Task<bool> SendAsync(AlertMessage message, AlertChannel channel, CancellationToken stop)
    {
        var error = await sender.SendAsync(channel, Notice.Of(message, options.Console()), stop);
        var now = time.GetUtcNow();
        var after = message with { Attempts = message.Attempts + 1, Error = error, SentAt = error is null ? now : null, NextAt = error is null ? null : Next(message, now) };
        await store.SettleAsync(after, new ChannelAttempt(now, error), stop);
        if (error is null) log.MessageSent(message.Id, message.Type, channel.Id);
        else if (after.NextAt is { } next) log.MessageFailed(message.Id, channel.Id, error, next);
        else log.MessageGivenUp(message.Id, channel.Id, after.Attempts, error);
        return error is null;
    }

    private DateTimeOffset? Next(AlertMessage message, DateTimeOffset now)
    {
        if (now - message.CreatedAt >= options.GiveUpAfter) return null;
        var wait = options.Every * Math.Pow(2, Math.Min(message.Attempts, 20));
        return now + (wait < options.LongestWait ? wait : options.LongestWait);
    }
}
