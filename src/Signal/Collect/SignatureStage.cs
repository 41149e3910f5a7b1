using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>A signature that was checked.</summary>
/// <param name="Key">The first half of the code; unique enough to know it again.</param>
/// <param name="Expires">From then on the timestamp alone refuses it, unix milliseconds.</param>
internal sealed record Signature(UInt128 Key, long Expires);

/// <summary>
/// Signed calls of servers: <c>X-Signature: sha256=</c> hex of HMAC-SHA256(secret, X-Timestamp + "." + body as sent), <c>X-Timestamp</c> in
/// unix milliseconds, <c>X-Source-Id</c>. A compressed body is signed as compressed.
/// </summary>
internal sealed class SignatureStage(CollectOptions options, SeenSignatures seen)
{
    internal const string SignatureHeader = "X-Signature";
    private const string Scheme = "sha256=";

    internal Refusal? Check(CollectCall call)
    {
        if (!Credentials.IsSigned(call)) return null;
        var headers = call.Http.Request.Headers;
        var (signature, timestamp, sourceId) = (headers[SignatureHeader].ToString(), headers["X-Timestamp"].ToString(), headers["X-Source-Id"].ToString());
        if (signature.Length == 0 || timestamp.Length == 0 || sourceId.Length == 0) return Invalid(
            "A signed call needs the headers X-Signature, X-Timestamp and X-Source-Id.");
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)) return Invalid(
            "X-Timestamp must be unix milliseconds.");
        if (Math.Abs(call.ReceivedAt.ToUnixTimeMilliseconds() - sent) > options.SignatureWindow.TotalMilliseconds) return Refusal.Unauthorised(
            ErrorCodes.StaleSignature, $"X-Timestamp is more than {options.SignatureWindow.TotalMinutes:0} minutes from now: sign at the moment of sending, and set the sender's clock.");
        if (call.Configuration.Sources.GetValueOrDefault(sourceId) is not { Enabled: true } source || Matching(source, signature, timestamp, call.Body.Bytes.Span) is not { } key) return Invalid(
            "X-Signature does not match: sign X-Timestamp, a dot and the body exactly as sent with the secret of the source X-Source-Id names.");

        var expires = sent + (long)options.SignatureWindow.TotalMilliseconds;
        var refusal = seen.Remember(key, expires, call.ReceivedAt.ToUnixTimeMilliseconds());
        if (refusal is not null) return refusal;
        call.Source = source;
        call.Signature = new Signature(key, expires);
        return null;
    }

    /// <summary>Lets the same bytes be sent again: this time nothing was stored.</summary>
    internal void Release(CollectCall call)
    {
        if (call.Signature is { } signature) seen.Forget(signature.Key, signature.Expires);
    }

    private static UInt128? Matching(Source source, string header, string timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> stated = stackalloc byte[SHA256.HashSizeInBytes];
        if (!header.StartsWith(Scheme, StringComparison.Ordinal)
            || Convert.FromHexString(header.AsSpan(Scheme.Length), stated, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != stated.Length)
            return null;

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(source.Secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        hmac.GetHashAndReset(own);
        return CryptographicOperations.FixedTimeEquals(own, stated) ? BinaryPrimitives.ReadUInt128BigEndian(own) : null;
    }

    private static Refusal Invalid(string message) => Refusal.Unauthorised(ErrorCodes.InvalidSignature, message);
}
