using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>The fields of a SignedData as they were sent (RFC 5652 section 5.1).</summary>
/// <param name="ContentType">The type of the content.</param>
/// <param name="Content">The content, if it is inside.</param>
/// <param name="Certificates">The X.509 certificates.</param>
/// <param name="Signers">The signers.</param>
/// <param name="EncodedLength">The size of the whole object.</param>
internal sealed record SignedDataFields(
    string ContentType,
    ReadOnlyMemory<byte>? Content,
    IReadOnlyList<EnclosedCertificate> Certificates,
    IReadOnlyList<SignerFields> Signers,
    int EncodedLength)
{
    private static readonly Asn1Tag ContentTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag CertificatesTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag RevocationTag = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads a ContentInfo that holds a SignedData; false with a fault if it is anything else.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> encoded,
        CmsLimits limits,
        [NotNullWhen(true)] out SignedDataFields? fields,
        [NotNullWhen(false)] out CmsFault? fault) => ForeignObject.TryRead(encoded, limits, Read, "SignedData", out fields, out fault);

    private static SignedDataFields Read(ReadOnlyMemory<byte> encoded, CmsLimits limits)
    {
        var contentInfo = ForeignObject.Open(encoded, out var type, out var encodedLength);
        if (type != Oids.SignedData)
        {
            throw new CmsFaultException(CmsFaultKind.NotSignedData, $"The object is {ContentTypeNames.NameOf(type)}, not SignedData.");
        }

        var signedData = contentInfo.ReadSequence(ContentTag).ReadSequence();

        // Version and digest algorithms repeat what the rest says; producers get both wrong.
        signedData.ReadIntegerBytes();
        signedData.ReadSetOf();
        var encapsulated = signedData.ReadSequence();
        var contentType = encapsulated.ReadObjectIdentifier();
        var content = encapsulated.HasData ? ReadContent(encapsulated.ReadSequence(ContentTag)) : (ReadOnlyMemory<byte>?)null;
        List<EnclosedCertificate> certificates = [];
        if (signedData.HasData && signedData.PeekTag().HasSameClassAndValue(CertificatesTag))
        {
            certificates = ReadCertificates(signedData.ReadSetOf(CertificatesTag), limits);
        }

        if (signedData.HasData && signedData.PeekTag().HasSameClassAndValue(RevocationTag))
        {
            // Revocation is judged from sources that the gateway chooses, not from what the sender encloses.
            signedData.ReadEncodedValue();
        }

        var signers = ReadSigners(signedData.ReadSetOf(), limits);
        signedData.ThrowIfNotEmpty();
        return new SignedDataFields(contentType, content, certificates, signers, encodedLength);
    }

    private static ReadOnlyMemory<byte> ReadContent(AsnReader content)
    {
        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString))
        {
            // An octet string in pieces is joined; in one piece it stays where it is.
            return content.TryReadPrimitiveOctetString(out var primitive) ? primitive : content.ReadOctetString();
        }

        // PKCS#7 content of another type than an octet string: its value octets are what was signed (RFC 5652 section 5.2.1).
        var element = content.ReadEncodedValue();
        AsnDecoder.ReadEncodedValue(element.Span, AsnEncodingRules.BER, out var at, out var length, out _);
        return element.Slice(at, length);
    }

    private static List<EnclosedCertificate> ReadCertificates(AsnReader set, CmsLimits limits)
    {
        var certificates = new List<EnclosedCertificate>();
        while (set.HasData)
        {
            // The other choices are attribute certificates and formats of the past (RFC 5652 section 10.2.2).
            var isX509 = set.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence);
            var encoded = set.ReadEncodedValue();
            if (!isX509)
            {
                continue;
            }

            if (encoded.Length > limits.MaxCertificateBytes || certificates.Count == limits.MaxCertificates)
            {
                throw new CmsFaultException(
                    CmsFaultKind.LimitExceeded,
                    $"More than {limits.MaxCertificates} certificates, or one larger than {limits.MaxCertificateBytes} bytes.");
            }

            certificates.Add(new EnclosedCertificate(encoded));
        }

        return certificates;
    }

    private static List<SignerFields> ReadSigners(AsnReader set, CmsLimits limits)
    {
        var signers = new List<SignerFields>();
        while (set.HasData)
        {
            if (signers.Count == limits.MaxSigners)
            {
                throw new CmsFaultException(CmsFaultKind.LimitExceeded, $"More than {limits.MaxSigners} signers.");
            }

            signers.Add(SignerFields.Read(set.ReadSequence(), limits));
        }

        return signers;
    }
}
