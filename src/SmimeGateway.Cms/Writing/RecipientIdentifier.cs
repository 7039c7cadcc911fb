using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Writing;

/// <summary>How a RecipientInfo names a certificate.</summary>
/// <param name="Encoded">The DER.</param>
/// <param name="IsKeyIdentifier">Whether it is the subject key identifier.</param>
internal sealed record RecipientIdentifier(byte[] Encoded, bool IsKeyIdentifier)
{
    // An identifier is a digest of the key; what is longer than any digest would only swell messages.
    private const int MaxKeyIdentifierLength = 64;

    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    /// <summary>RecipientIdentifier of RFC 5652 section 6.2.1.</summary>
    public static RecipientIdentifier ForTransport(X509Certificate2 certificate, RecipientNaming naming) =>
        Encode(certificate, naming, static (writer, identifier) => writer.WriteOctetString(identifier.Span, KeyIdentifierTag));

    /// <summary>KeyAgreeRecipientIdentifier of RFC 5652 section 6.2.2.</summary>
    public static RecipientIdentifier ForAgreement(X509Certificate2 certificate, RecipientNaming naming) =>
        Encode(certificate, naming, static (writer, identifier) =>
        {
            using (writer.PushSequence(KeyIdentifierTag))
            {
                writer.WriteOctetString(identifier.Span);
            }
        });

    private static RecipientIdentifier Encode(
        X509Certificate2 certificate, RecipientNaming naming, Action<AsnWriter, ReadOnlyMemory<byte>> writeKeyIdentifier)
    {
        var identifier = naming == RecipientNaming.KeyIdentifier ? FindKeyIdentifier(certificate) : default;
        if (identifier.IsEmpty)
        {
            return new RecipientIdentifier(CertificateAttributes.EncodeIssuerAndSerial(certificate), IsKeyIdentifier: false);
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        writeKeyIdentifier(writer, identifier);
        return new RecipientIdentifier(writer.Encode(), IsKeyIdentifier: true);
    }

    private static ReadOnlyMemory<byte> FindKeyIdentifier(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } extension
        && extension.SubjectKeyIdentifierBytes.Length <= MaxKeyIdentifierLength
            ? extension.SubjectKeyIdentifierBytes
            : default;
}
