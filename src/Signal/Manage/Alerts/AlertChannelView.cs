using Signal.Manage.Access;
using Signal.Manage.Changes;
using Signal.State;
using Signal.Watch;

namespace Signal.Manage.Alerts;

/// <summary>A channel as people see it, secrets as <c>***</c>.</summary>
/// <param name="Id"><c>chn_…</c></param>
/// <param name="Name">What people call it.</param>
/// <param name="Type">How people are told.</param>
/// <param name="Enabled">Whether it is told.</param>
/// <param name="To">email: the addresses; masked (o…@example.com) for everybody but administrators.</param>
/// <param name="Url">webhook: *** in place of the address.</param>
/// <param name="Host">webhook: the host of the address, to tell one from another; null for everybody but administrators, since some services put their key into it.</param>
/// <param name="Secret">webhook: *** when bodies are signed.</param>
/// <param name="LastAttemptAt">When a message was last tried; null before the first.</param>
/// <param name="LastError">Why that failed; null when it did not.</param>
/// <param name="Revision">Counts the changes; the <c>ETag</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it last changed.</param>
public sealed record AlertChannelView(
    string Id,
    string Name,
    AlertChannelType Type,
    bool Enabled,
    IReadOnlyList<string> To,
    string? Url,
    string? Host,
    string? Secret,
    DateTimeOffset? LastAttemptAt,
    string? LastError,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The view of a channel.</summary>
    internal static AlertChannelView Of(AlertChannel c) => new(
        c.Id, c.Name, c.Type, c.Enabled, c.To, c.Url is null ? null : Mask.Text, c.Url is null ? null : new Uri(c.Url).Authority, c.Secret is null ? null : Mask.Text,
        c.Last?.At, c.Last?.Error, c.Revision, c.CreatedAt, c.UpdatedAt);

    /// <summary>The view as this role may see it: who is told is an administrator's business.</summary>
    internal AlertChannelView For(string role) => role == Roles.Admin ? this : this with { To = [.. To.Select(MaskedAddress.Of)], Host = null };

    /// <summary>The same as an input, to be changed and checked like one.</summary>
    internal AlertChannelInput ToInput() => new() { Name = Name, Type = Type, Enabled = Enabled, To = To, Url = Url, Secret = Secret };
}

/// <summary>How a test message went.</summary>
/// <param name="Ok">It was taken.</param>
/// <param name="At">When it was tried.</param>
/// <param name="Error">What happened and what to do; null when it was taken.</param>
internal sealed record ChannelTestView(bool Ok, DateTimeOffset At, string? Error);
