namespace Signal.Manage.Files;

/// <summary>The name under which a secret stands in a file.</summary>
internal static class SecretReference
{
    /// <summary><c>${SIGNAL_SECRET_INT_1_TOKEN_AUTH}</c></summary>
    public static string Of(params string[] parts) => $"${{SIGNAL_SECRET_{string.Join('_', parts).ToUpperInvariant()}}}";

    /// <summary>The name in <c>${NAME}</c>, or null when the text is no reference.</summary>
    public static string? NameIn(string text) => text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}') && text.Length > 3 ? text[2..^1] : null;
}
