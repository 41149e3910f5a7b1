namespace Signal.Console;

/// <summary>Names the console's texts, <c>Words.resx</c>. A text is its own key, so that pages read as they look.</summary>
internal sealed class Words;
