using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Primitives;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>Reads a request's body within the limits: media type, size as sent, encoding, size after decompression, UTF-8.</summary>
internal sealed class BodyStage(CollectOptions options)
{
    /// <summary>Reads the bytes as they were sent.</summary>
    internal async ValueTask<Refusal?> ReadAsync(CollectCall call)
    {
        if (WrongMediaType(call.Http.Request.ContentType)) return Refusal.Unsupported(
            ErrorCodes.UnsupportedMediaType, "Content-Type must be application/json or text/plain in UTF-8: send the event as JSON.");
        if (Encoding(call) is null) return UnsupportedEncoding(call);
        return await call.Body.ReadAsync(call.Http.Request, LimitOf(call), call.Http.RequestAborted) ? null : TooLarge(call);
    }

    /// <summary>Makes them plain, valid UTF-8 without a byte order mark and without lone surrogates.</summary>
    internal Refusal? Decode(CollectCall call)
    {
        if (Encoding(call) is { Length: > 0 } encoding && call.Body.Decompress(encoding, LimitOf(call), () => TooLarge(call)) is { } refusal) return refusal;
        var bytes = call.Body.Bytes.Span;
        if (!Utf8.IsValid(bytes)) return Refusal.Malformed(
            ErrorCodes.MalformedJson, $"The body is not valid UTF-8 (first at byte {FirstInvalid(bytes)}): send JSON in UTF-8.");
        LoneSurrogateRepair.Repair(bytes);
        return null;
    }

    private int LimitOf(CollectCall call) =>
        call.Route.Shape == CollectShape.Batch ? options.MaxBatchBytes : options.MaxEventBytes;

    private Refusal TooLarge(CollectCall call) => call.Route.Shape == CollectShape.Batch
        ? Refusal.TooLarge(ErrorCodes.BatchTooLarge, $"The batch has more than {options.MaxBatchBytes} bytes after decompression: send fewer events at once.")
        : Refusal.TooLarge(ErrorCodes.EventTooLarge, $"The event has more than {options.MaxEventBytes} bytes after decompression: send less in properties and traits.");

    private static Refusal UnsupportedEncoding(CollectCall call)
    {
        call.Http.Response.Headers.AcceptEncoding = "gzip, br";
        return Refusal.Unsupported(ErrorCodes.UnsupportedEncoding, "Content-Encoding must be gzip or br, or be left out.");
    }

    /// <summary>The one encoding in lower case, empty for none; null when it is not one of ours.</summary>
    private static string? Encoding(CollectCall call)
    {
        var header = call.Http.Request.Headers.ContentEncoding;
        return StringValues.IsNullOrEmpty(header) ? "" : header.ToString().Trim().ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => "gzip",
            "br" => "br",
            "identity" or "" => "",
            _ => null,
        };
    }

    private static bool WrongMediaType(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return false;
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = contentType.AsSpan(0, end < 0 ? contentType.Length : end).Trim();
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase) && !type.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) return true;
        var charset = contentType.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return charset >= 0 && !IsUtf8(contentType.AsSpan(charset + 8));
    }

    private static bool IsUtf8(ReadOnlySpan<char> charset)
    {
        var end = charset.IndexOf(';');
        var name = (end < 0 ? charset : charset[..end]).Trim().Trim('"');
        return name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase) || name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var read) == System.Buffers.OperationStatus.Done) at += read;
        return at;
    }
}
