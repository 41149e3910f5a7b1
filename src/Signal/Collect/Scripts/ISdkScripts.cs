namespace Signal.Collect.Scripts;

/// <summary>The browser SDK's built files: <c>manifest.json</c>, the core and the parts it names.</summary>
internal interface ISdkScripts
{
    /// <summary>The text of a file by its path in the SDK's <c>dist</c> folder; null when this build carries none of that name.</summary>
    string? Read(string file);
}
