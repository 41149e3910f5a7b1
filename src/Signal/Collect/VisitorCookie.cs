using Microsoft.Extensions.Primitives;
using Signal.Configure;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>The first-party cookie that names the visitor.</summary>
internal static class VisitorCookie
{
    /// <summary>The visitor's id; null when the source sets none, none came, or it is not a sane id.</summary>
    internal static string? Read(HttpRequest request, CookieSettings settings)
    {
        if (!settings.Enabled || Find(request.Headers.Cookie, settings.Name) is not { } raw) return null;
        var id = raw.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(raw) : raw;
        return Validation.IsSaneAnonymousId(id) ? id : null;
    }

    /// <summary>Whether a cookie of Matomo's opt-out came along.</summary>
    internal static bool HasMatomoOptOut(HttpRequest request)
    {
        var cookies = request.Headers.Cookie;
        return !StringValues.IsNullOrEmpty(cookies)
            && (Find(cookies, "mtm_consent_removed") is not null || Find(cookies, "matomo_ignore") is not null || Find(cookies, "piwik_ignore") is not null);
    }

    /// <summary>Sets the cookie anew; every answer does, so that it lasts from the latest visit.</summary>
    internal static void Write(HttpResponse response, CookieSettings settings, string id, bool secure) =>
        Append(response, settings, Uri.EscapeDataString(id), settings.MaxAge, secure);

    /// <summary>Makes the browser forget it.</summary>
    internal static void Remove(HttpResponse response, CookieSettings settings, bool secure) =>
        Append(response, settings, "", 0, secure);

    private static void Append(HttpResponse response, CookieSettings settings, string value, int maxAge, bool secure) =>
        response.Headers.Append("Set-Cookie",
            $"{settings.Name}={value}; Max-Age={maxAge}; Path=/; {(settings.Domain is { Length: > 0 } domain ? $"Domain={domain}; " : "")}HttpOnly; SameSite=Lax{(secure ? "; Secure" : "")}");

    // The framework's own reader parses every cookie of the site into a dictionary; one name is all we want.
    private static string? Find(StringValues headers, string name)
    {
        foreach (var header in headers)
        {
            var rest = header.AsSpan();
            foreach (var range in rest.Split(';'))
            {
                var pair = rest[range].Trim();
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                    return pair[(name.Length + 1)..].Trim('"').ToString();
            }
        }

        return null;
    }
}
