using Signal.State;

namespace Signal.Manage.Alerts;

/// <summary>An alert as people see it.</summary>
/// <param name="Id"><c>alr_…</c></param>
/// <param name="Kind">What it is about.</param>
/// <param name="State">open or resolved.</param>
/// <param name="Subject">An integration's or a source's id, or disk.</param>
/// <param name="Name">What people call it.</param>
/// <param name="RuleId">The rule that opened it.</param>
/// <param name="OpenedAt">When it opened.</param>
/// <param name="ResolvedAt">When it was over; null while it is open.</param>
/// <param name="Ending">Why it is over; null while it is open.</param>
/// <param name="Title">What is the matter, in a few words.</param>
/// <param name="Text">What happened, since when, what it means for the data, what to do.</param>
/// <param name="Path">The page of the console.</param>
/// <param name="Messages">Who was told, oldest first.</param>
internal sealed record AlertView(
    string Id,
    AlertKind Kind,
    string State,
    string Subject,
    string Name,
    string RuleId,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ResolvedAt,
    string? Ending,
    string Title,
    string Text,
    string Path,
    IReadOnlyList<AlertMessageView> Messages)
{
    public static AlertView Of(Alert a, IEnumerable<AlertMessage> messages) => new(
        a.Id, a.Kind, a.ResolvedAt is null ? "open" : "resolved", a.Subject, a.Name, a.RuleId, a.OpenedAt, a.ResolvedAt, a.Ending, a.Title, a.Text, a.Path,
        [.. messages.Where(m => m.AlertId == a.Id).Select(m => new AlertMessageView(m.Id, m.ChannelId, m.Type, StateOf(m), m.CreatedAt, m.SentAt, m.Attempts, m.NextAt, m.Error))]);

    private static string StateOf(AlertMessage m) => m switch
    {
        { SentAt: not null } => "sent",
        { NextAt: null } => "given_up",
        _ => "waiting",
    };
}

/// <summary>A message about an alert.</summary>
/// <param name="Id"><c>msg_…</c>, also in the message itself.</param>
/// <param name="ChannelId">The channel.</param>
/// <param name="Type">opened, reminder or resolved.</param>
/// <param name="State">sent, waiting or given_up.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="SentAt">When it was taken; null while it was not.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAt">When it is tried next; null when it is done with.</param>
/// <param name="Error">Why the last try failed; null when it did not.</param>
internal sealed record AlertMessageView(
    string Id, string ChannelId, string Type, string State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, int Attempts, DateTimeOffset? NextAt, string? Error);
