using System.Formats.Asn1;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// Finds the certificates of a PKCS #7 collection: a SignedData (RFC 5652, section 5.1) that nobody signed. The certificates are handed out
/// as they stand, so that one that is damaged does not take the others away.
/// </summary>
internal static class Pkcs7Certificates
{
    private const string SignedData = "1.2.840.113549.1.7.2";

    private static readonly Asn1Tag Certificates = new(TagClass.ContextSpecific, 0);

    /// <summary>False when it is no SignedData.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> value, out List<ReadOnlyMemory<byte>> certificates)
    {
        certificates = [];
        try
        {
            var contentInfo = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
            if (!contentInfo.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier) || contentInfo.ReadObjectIdentifier() != SignedData)
            {
                return false;
            }

            var signedData = contentInfo.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
            _ = signedData.ReadIntegerBytes();
            _ = signedData.ReadSetOf(skipSortOrderValidation: true);
            _ = signedData.ReadSequence();
            if (!signedData.HasData || !signedData.PeekTag().HasSameClassAndValue(Certificates))
            {
                return true;
            }

            var set = signedData.ReadSetOf(skipSortOrderValidation: true, Certificates);
            while (set.HasData)
            {
                // The other choices are attribute certificates and forms of the last century.
                var isCertificate = set.PeekTag() == Asn1Tag.Sequence;
                var certificate = set.ReadEncodedValue();
                if (isCertificate)
                {
                    certificates.Add(certificate);
                }
            }

            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
