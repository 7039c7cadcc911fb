using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Accepting.Securing;

/// <summary>Judges the certificates that clients show.</summary>
internal sealed class ClientCertificateCheck
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly ClientCertificateOptions _options;
    private readonly HashSet<string> _fingerprints;

    public ClientCertificateCheck(ClientCertificateOptions options)
    {
        _options = options;
        _fingerprints = new HashSet<string>(options.Fingerprints, StringComparer.OrdinalIgnoreCase);
        var roots = AuthorityFiles.Load(options.Roots);

        // What a client sends along may fill a gap in the chain; nothing is fetched for it, and only the configured roots count.
        Chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        Chain.CustomTrustStore.AddRange(roots.Certificates.ToArray());
        Chain.ApplicationPolicy.Add(new Oid(ClientAuthentication));
    }

    /// <summary>How chains are built.</summary>
    public X509ChainPolicy Chain { get; }

    /// <summary>True when clients are asked for a certificate.</summary>
    public bool IsAsked => _options.Mode != ClientCertificateMode.Off;

    /// <summary>True when the handshake may go on: one is demanded and accepted, or none is demanded.</summary>
    public bool LetsPass(X509Certificate? certificate, SslPolicyErrors errors) =>
        _options.Mode != ClientCertificateMode.Required || Accepts(certificate, errors);

    /// <summary>True for a certificate that leads to a root or is named by its fingerprint.</summary>
    public bool Accepts(X509Certificate? certificate, SslPolicyErrors errors) =>
        certificate is not null
        && ((errors == SslPolicyErrors.None && Chain.CustomTrustStore.Count > 0)
            || _fingerprints.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256)));
}
