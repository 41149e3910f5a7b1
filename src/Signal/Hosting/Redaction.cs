using System.Text;
using System.Text.RegularExpressions;

namespace Signal.Hosting;

/// <summary>
/// The last line of defence for secrets: everything the console logger writes passes through here. No code logs a secret on
/// purpose; an exception message of a library might hold one.
/// </summary>
internal sealed partial class RedactingWriter(TextWriter inner, IReadOnlyList<string> secrets) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Puts it between the console logger and the terminal. Call before the first logger is made.</summary>
    internal static void Install(Settings settings)
    {
        var secrets = new[] { settings.AdminPassword, settings.AdminToken, settings.MasterKey, settings.SingleSignOn?.ClientSecret, settings.Mail?.Password }
            .Concat(settings.PreviousMasterKeys).OfType<string>().Where(s => s.Length > 0).ToList();
        System.Console.SetOut(new RedactingWriter(System.Console.Out, secrets));
        System.Console.SetError(new RedactingWriter(System.Console.Error, secrets));
    }

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value) => inner.Write(Redact(value));

    public override void WriteLine(string? value) => inner.WriteLine(Redact(value));

    public override void Flush() => inner.Flush();

    internal string? Redact(string? text)
    {
        if (string.IsNullOrEmpty(text)) return text;
        foreach (var secret in secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return Secrets().Replace(text, m => m.Groups["keep"].Value + "***");
    }

    [GeneratedRegex("""(?<keep>token_auth(?:["'=:\s]|%3D){1,6})[0-9a-fA-F]{6,}|(?<keep>\bsk_)[A-Za-z0-9_-]{6,}|(?<keep>\bsig_)[A-Za-z0-9_-]{6,}|(?<keep>\b[Bb]earer\s+)[A-Za-z0-9._~+/-]{8,}""")]
    private static partial Regex Secrets();
}
