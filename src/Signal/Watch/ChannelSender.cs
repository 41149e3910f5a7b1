using Signal.State;

namespace Signal.Watch;

/// <summary>Chooses the way of a channel.</summary>
internal sealed class ChannelSender(Webhook webhook, Mail mail) : IChannelSender
{
    /// <inheritdoc/>
    public Task<string?> SendAsync(AlertChannel channel, Notice notice, CancellationToken stop) =>
        channel.Type == AlertChannelType.Email ? mail.SendAsync(channel, notice, stop) : webhook.SendAsync(channel, notice, stop);
}
