namespace Signal.Hosting;

/// <summary>The addresses this process really listens on; a port given as 0 is known only once it is bound.</summary>
internal sealed class Listeners
{
    public IReadOnlyList<string> Collect { get; set; } = [];

    public IReadOnlyList<string> Manage { get; set; } = [];
}
