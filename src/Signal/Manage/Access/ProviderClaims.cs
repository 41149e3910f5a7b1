using System.Security.Claims;
using System.Text.Json;
using Signal.Manage.Http;

namespace Signal.Manage.Access;

/// <summary>What a provider says of a person.</summary>
/// <param name="Subject">Issuer and subject: the same person for ever.</param>
/// <param name="Email">Their address; null when the provider does not tell.</param>
/// <param name="EmailVerified">The provider vouches for the address.</param>
/// <param name="Name">What people call them; null when the provider does not tell.</param>
/// <param name="Groups">Every value of the role claim.</param>
internal sealed record ProviderClaims(string Subject, string? Email, bool EmailVerified, string? Name, IReadOnlyList<string> Groups)
{
    /// <summary>Reads a validated ID token's claims; null without a subject.</summary>
    public static ProviderClaims? Of(ClaimsPrincipal person, string roleClaim)
    {
        if (person.FindFirst("sub") is not { Value.Length: > 0 } subject) return null;
        return new ProviderClaims(
            $"{subject.Issuer}|{subject.Value}",
            Text(person, "email"),
            string.Equals(Text(person, "email_verified"), "true", StringComparison.OrdinalIgnoreCase),
            Text(person, "name") ?? Text(person, "preferred_username"),
            [.. Values(person, roleClaim).Distinct(StringComparer.Ordinal)]);
    }

    private static string? Text(ClaimsPrincipal person, string type) => person.FindFirst(type)?.Value is { Length: > 0 } text ? text : null;

    // A claim's own name may hold dots (https://example.com/roles), so it is tried as a whole before it is taken for a path.
    private static IEnumerable<string> Values(ClaimsPrincipal person, string path)
    {
        if (person.HasClaim(c => c.Type == path)) return person.FindAll(path).SelectMany(c => Items(c.Value));
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? [] : person.FindAll(path[..dot]).SelectMany(c => Inside(c.Value, path[(dot + 1)..].Split('.')));
    }

    private static IEnumerable<string> Inside(string json, string[] path)
    {
        if (ApiJson.Parse(json) is not { } value) return [];
        foreach (var name in path)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return [];
        return Items(value);
    }

    // A list arrives as several claims, or as one that holds JSON.
    private static IEnumerable<string> Items(string text) => text.StartsWith('[') && ApiJson.Parse(text) is { } list ? Items(list) : [text];

    private static IEnumerable<string> Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.ToString())] : [value.ToString()];
}
