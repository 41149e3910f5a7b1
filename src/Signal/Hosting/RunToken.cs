using System.Security.Cryptography;

namespace Signal.Hosting;

/// <summary>An administrator's API token good for this run of the process; the verbs find it in the <see cref="RunFile"/>.</summary>
/// <param name="Value">The token.</param>
internal sealed record RunToken(string Value)
{
    internal static RunToken New() => new("run_" + RandomNumberGenerator.GetHexString(48, lowercase: true));
}
