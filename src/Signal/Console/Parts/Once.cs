namespace Signal.Console.Parts;

/// <summary>A secret on its way from the page that made it to the page that shows it this once. Lives as long as the open page.</summary>
internal sealed class Once
{
    private readonly Dictionary<string, string> _secrets = [];

    public void Leave(string id, string secret) => _secrets[id] = secret;

    public string? Take(string id) => _secrets.Remove(id, out var secret) ? secret : null;
}
