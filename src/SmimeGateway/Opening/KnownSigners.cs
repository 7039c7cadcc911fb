using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Locating;

namespace SmimeGateway.Opening;

/// <summary>
/// Certificates that the sources hold, for signers who did not send theirs along (RFC 5652 section 5.1 leaves that to them). That one was
/// found makes nobody trusted: it is judged like one that came with the message.
/// </summary>
public sealed class KnownSigners
{
    private readonly Lazy<CertificateIndex<PartnerCertificate>> _index;

    /// <summary>Takes what sources hold.</summary>
    /// <param name="held">The certificates, looked at when the first message without one comes.</param>
    public KnownSigners(IEnumerable<PartnerCertificate> held) =>
        _index = new(() => new CertificateIndex<PartnerCertificate>(held, static one => one.Certificate));

    /// <summary>No certificates.</summary>
    public static KnownSigners None { get; } = new([]);

    /// <summary>All that opened sources hold, own ones too, with the issuers they know; looked at when they are first needed.</summary>
    public static KnownSigners In(OwnSources own, PartnerSources partners)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(partners);
        return new KnownSigners(Held(own, partners));
    }

    /// <summary>Those that a signature may name: several where a certificate was renewed with the same key.</summary>
    internal IEnumerable<PartnerCertificate> Find(CertificateIdentifier identifier) => _index.Value.Find(identifier);

    private static IEnumerable<PartnerCertificate> Held(OwnSources own, PartnerSources partners)
    {
        foreach (var certificate in own.Certificates)
        {
            yield return PartnerCertificate.Of(certificate) with { Companions = certificate.Chain };
        }

        foreach (var certificate in partners.Certificates)
        {
            yield return certificate;
        }
    }
}
