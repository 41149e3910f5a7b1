using Signal.State;

namespace Signal.Watch;

/// <summary>Hands a message to a channel.</summary>
internal interface IChannelSender
{
    /// <summary>Tries once. Null: it was taken. Else what happened and what to do, for people; secrets stand in no part of it.</summary>
    Task<string?> SendAsync(AlertChannel channel, Notice notice, CancellationToken stop);
}

/// <summary>What is told.</summary>
/// <param name="Id">Receivers may tell a repeated message by it.</param>
/// <param name="Type"><c>opened</c>, <c>reminder</c>, <c>resolved</c> or <c>test</c></param>
/// <param name="At">When it was made.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Text">In sentences.</param>
/// <param name="Link">The page of the console; null when its address is not known.</param>
/// <param name="Alert">The alert; null for a test.</param>
internal sealed record Notice(string Id, string Type, DateTimeOffset At, string Title, string Text, string? Link, Alert? Alert)
{
    /// <summary>A test.</summary>
    public static Notice Test(string id, DateTimeOffset now, string? link) =>
        new(id, "test", now, "Test message", "This is a test. Alerts of Signal will arrive here.", link, null);

    /// <summary>A stored message; <paramref name="console"/> is the console's address.</summary>
    public static Notice Of(AlertMessage message, string? console) => new(
        message.Id, message.Type, message.CreatedAt, message.Alert.Title, message.Alert.Text, LinkOf(console, message.Alert.Path), message.Alert);

    /// <summary>A page's address; null when the console's is not known.</summary>
    public static string? LinkOf(string? console, string path) => console is null ? null : console.TrimEnd('/') + path;
}
