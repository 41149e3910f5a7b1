using System.Text;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>Finds the source by its pipeline key: <c>Authorization: Bearer</c>, the user name of <c>Basic</c>, the query's <c>wk</c>, or the body's <c>writeKey</c>.</summary>
internal static class Credentials
{
    /// <summary>Whether this call is to be signed instead: the route says so, or a batch that carries a signature.</summary>
    internal static bool IsSigned(CollectCall call) =>
        call.Route.Shape == CollectShape.Signed
        || (call.Route.Shape == CollectShape.Batch && call.Http.Request.Headers.ContainsKey(SignatureStage.SignatureHeader));

    /// <summary>Takes the key of headers or query; without one there, the body may still bring it.</summary>
    internal static Refusal? FromHead(CollectCall call)
    {
        if (IsSigned(call)) return null;
        var key = FromAuthorization(call.Http.Request.Headers.Authorization.ToString());
        if (key is null && call.Http.Request.QueryString.HasValue) key = call.Http.Request.Query["wk"].ToString();
        return string.IsNullOrEmpty(key) ? null : Accept(call, key);
    }

    /// <summary>Takes the body's key when the head had none.</summary>
    internal static Refusal? FromBody(CollectCall call)
    {
        if (call.Source is not null) return null;
        return call.BodyKey is { } key ? Accept(call, key) : Refusal.Unauthorised(ErrorCodes.InvalidPipelineKey,
            "The pipeline key is missing: send it as Authorization: Bearer, as the user name of Basic, as writeKey in the body, or as wk in the query.");
    }

    private static Refusal? Accept(CollectCall call, string key)
    {
        call.Source = call.Configuration.SourceOfKey(key, call.ReceivedAt);
        return call.Source is not null ? null : Refusal.Unauthorised(ErrorCodes.InvalidPipelineKey,
            "The pipeline key is unknown or revoked: copy it from the source's page.");
    }

    private static string? FromAuthorization(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        return header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? UserName(header.AsSpan(6).Trim()) : null;
    }

    /// <summary>The user name; a text no key can be when the header does not decode, so that it is refused as such.</summary>
    private static string UserName(ReadOnlySpan<char> encoded)
    {
        Span<byte> plain = stackalloc byte[256];
        if (!Convert.TryFromBase64Chars(encoded, plain, out var length)) return "?";
        var colon = plain[..length].IndexOf((byte)':');
        return Encoding.UTF8.GetString(plain[..(colon < 0 ? length : colon)]);
    }
}
