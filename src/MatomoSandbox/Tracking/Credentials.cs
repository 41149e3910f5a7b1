namespace MatomoSandbox.Tracking;

/// <summary>Answers, for one request, whether a token authenticates an entry; a refusal counts once a request.</summary>
internal sealed class Credentials(Gatekeeper gatekeeper, Arrival arrival, SandboxFaults faults, long now)
{
    private bool counted;

    private string Address => arrival.Request.RemoteAddress;

    public bool Blocked => gatekeeper.IsBlocked(Address, now);

    public bool MayTrack(string token, int site)
    {
        var known = gatekeeper.Find(token, faults);
        if (known is not null && known.WritesAsUser(site))
            return true;
        if (token.Length == 0 || Blocked)
            return false;
        if (known is not null && IsSuperuser(known))
            return true;
        if (!counted)
            gatekeeper.CountRefusal(Address, now);
        counted = true;
        return false;
    }

    /// <summary>Whether the token of the whole request is told which entries were invalid.</summary>
    public bool SeesIndices => gatekeeper.Find(arrival.Token, faults) is { } known && IsSuperuser(known);

    private bool IsSuperuser(SandboxToken token) => token.Kind == TokenKind.Superuser
        && (!token.SecureOnly || arrival.Post["token_auth"] is string posted && posted == token.Value);
}
