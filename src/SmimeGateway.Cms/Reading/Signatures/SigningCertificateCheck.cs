using System.Formats.Asn1;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>
/// Says whether the signing-certificate attributes (RFC 5035, and RFC 2634 for the older one) name the certificate that is used to
/// verify, so that no other certificate of the same key can be put in its place.
/// </summary>
internal static class SigningCertificateCheck
{
    /// <summary>Null if every such attribute that is present names the certificate in its first entry.</summary>
    /// <exception cref="AsnContentException">An attribute is malformed.</exception>
    /// <exception cref="CmsFaultException">An attribute is repeated or has not exactly one value.</exception>
    public static CmsFault? Check(SignedAttributes attributes, ReadOnlySpan<byte> certificate) =>
        Check(attributes.FindValue(Oids.SigningCertificateV2), DigestAlgorithm.Sha256, certificate)
        ?? Check(attributes.FindValue(Oids.SigningCertificate), DigestAlgorithm.Sha1, certificate);

    private static CmsFault? Check(ReadOnlyMemory<byte>? value, DigestAlgorithm assumed, ReadOnlySpan<byte> certificate)
    {
        if (value is null)
        {
            return null;
        }

        // The first entry is the signer's; others name his issuers, and policies may follow. Its issuer and serial number need no
        // look: the digest says more.
        var first = new AsnReader(value.Value, AsnEncodingRules.BER).ReadSequence().ReadSequence().ReadSequence();
        var digest = assumed;
        if (first.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            if (DigestAlgorithm.Read(first.ReadSequence(), out var oid) is not { } named)
            {
                return new CmsFault(
                    CmsFaultKind.UnsupportedAlgorithm, $"The digest {oid} of the signing-certificate attribute is not supported.");
            }

            digest = named;
        }

        Span<byte> computed = stackalloc byte[DigestAlgorithm.MaxLength];
        return digest.Compute(certificate, computed).SequenceEqual(first.ReadOctetString())
            ? null
            : new CmsFault(
                CmsFaultKind.SigningCertificateMismatch, "The signing-certificate attribute names another certificate than the signer's.");
    }
}
