using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signal.Tests.Scenarios;

/// <summary>An authority of the test's own and a certificate it issued for 127.0.0.1.</summary>
internal sealed class SomeCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    internal SomeCertificates(string address = "127.0.0.1")
    {
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.test", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
        Server = issued.CopyWithPrivateKey(own);
    }

    /// <summary>The server's certificate with its key.</summary>
    internal X509Certificate2 Server { get; }

    /// <summary>The authority's certificate, without its key.</summary>
    internal string AuthorityPem => _authority.ExportCertificatePem();

    public void Dispose()
    {
        _authority.Dispose();
        Server.Dispose();
    }
}
