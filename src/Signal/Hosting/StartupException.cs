namespace Signal.Hosting;

/// <summary>The program can't start; the message tells the operator why and what to do, without a stack trace.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
