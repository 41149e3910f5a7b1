using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>Writes and reads access tokens (JWT, HMAC-SHA256).</summary>
internal sealed class AccessTokens(ManageOptions options, TimeProvider time)
{
    private const string Issuer = "signal";
    private const string Session = "sid";
    private readonly SymmetricSecurityKey _key = new(options.SigningKey);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for a user's session.</summary>
    public string Write(User user, string session)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + options.AccessTokenLife,
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = user.Id, [Session] = session },
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The user's id and session of a token that is ours and still good; null otherwise.</summary>
    public async Task<(string UserId, string Session)?> ReadAsync(string token)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            IssuerSigningKey = _key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            LifetimeValidator = (from, until, _, _) => from <= now && until > now,
        });
        return result.IsValid && result.ClaimsIdentity.FindFirst(JwtRegisteredClaimNames.Sub) is Claim user && result.ClaimsIdentity.FindFirst(Session) is Claim session
            ? (user.Value, session.Value)
            : null;
    }
}
