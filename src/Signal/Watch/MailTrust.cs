using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Signal.Watch;

/// <summary>Decides on a mail server's certificate: as the system does, and one issued by these authorities for the right name is good too.</summary>
internal sealed class MailTrust(X509Certificate2Collection? authorities)
{
    /// <summary>What was wrong with the certificate that was refused; none when none was.</summary>
    public SslPolicyErrors Refused { get; private set; }

    /// <summary>Whether to talk to the server that shows this certificate.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 shown && IsIssued(shown, chain))) return true;
        Refused = errors;
        return false;
    }

    private bool IsIssued(X509Certificate2 certificate, X509Chain? seen)
    {
        if (authorities is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var element in seen?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate);
    }
}
