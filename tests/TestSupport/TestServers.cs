using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.TestSupport;

/// <summary>Certificates of servers and clients of TLS, below the authorities of <see cref="TestPki"/>.</summary>
public static class TestServers
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>A server's certificate for a host name.</summary>
    public static X509Certificate2 Server(string host, KeyKind kind = KeyKind.Rsa2048) => Issue(host, kind, ServerAuthentication);

    /// <summary>A client's certificate.</summary>
    public static X509Certificate2 Client(string host, KeyKind kind = KeyKind.Rsa2048) => Issue(host, kind, ClientAuthentication);

    /// <summary>A certificate for a host that another name signed itself, so that nobody trusts it.</summary>
    public static X509Certificate2 SelfSigned(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(host));
        return request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
    }

    private static X509Certificate2 Issue(string host, KeyKind kind, string purpose)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(host);
        return TestPki.IssueWith(
            name.Build(),
            kind,
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true),
            new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false),
            Names(host));
    }

    private static X509Extension Names(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        return names.Build();
    }
}
