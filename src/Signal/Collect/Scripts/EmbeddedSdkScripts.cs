namespace Signal.Collect.Scripts;

/// <summary>The SDK embedded in this program as resources named <c>sdk/</c> and the file's path.</summary>
internal sealed class EmbeddedSdkScripts : ISdkScripts
{
    /// <inheritdoc/>
    public string? Read(string file)
    {
        using var stream = typeof(EmbeddedSdkScripts).Assembly.GetManifestResourceStream($"sdk/{file}");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
