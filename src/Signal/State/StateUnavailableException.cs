namespace Signal.State;

/// <summary>The state store can't be reached or written now (disk full, read-only, server away); nothing of the call is promised. Try again later.</summary>
public sealed class StateUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
