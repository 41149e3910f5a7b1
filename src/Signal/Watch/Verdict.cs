using Signal.State;

namespace Signal.Watch;

/// <summary>What was judged of a subject.</summary>
/// <param name="Kind">About what.</param>
/// <param name="Subject">An integration's or a source's id, or <c>disk</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Rule">By which rule.</param>
/// <param name="Holds">Something is the matter.</param>
/// <param name="Title">What, in a few words; that it is over otherwise.</param>
/// <param name="Text">The sentences for people.</param>
/// <param name="Path">The page of the console.</param>
internal sealed record Verdict(AlertKind Kind, string Subject, string Name, AlertRule Rule, bool Holds, string Title, string Text, string Path);
