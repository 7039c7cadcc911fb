using System.Formats.Asn1;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>Reads RecipientInfo, a choice of five (RFC 5652 section 6.2).</summary>
internal static class EncryptedKeys
{
    private const int Agreement = 1;
    private const int KeyEncryptionKey = 2;
    private const int Password = 3;
    private const int Other = 4;

    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    /// <summary>The keys of the next element: one, but for an agreement, which may serve several recipients. Read one by one.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static IEnumerable<EncryptedKey> Read(AsnReader recipients)
    {
        var tag = recipients.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific)
        {
            return [TransportedKey.Read(recipients.ReadSequence())];
        }

        if (tag.TagValue == Agreement)
        {
            return ReadAgreed(recipients.ReadSequence(tag));
        }

        var element = recipients.ReadEncodedValue();
        if (tag.TagValue == Other && ReadEncapsulated(new AsnReader(element, AsnEncodingRules.BER).ReadSequence(tag)) is { } encapsulated)
        {
            return [encapsulated];
        }

        return
        [
            new ForeignKey(tag.TagValue switch
            {
                KeyEncryptionKey => "a key agreed upon before",
                Password => "a password",
                _ => "a recipient of another kind",
            }),
        ];
    }

    private static EncapsulatedKey? ReadEncapsulated(AsnReader other) =>
        other.ReadObjectIdentifier() == Oids.KemRecipient ? EncapsulatedKey.Read(other.ReadSequence()) : null;

    private static IEnumerable<AgreedKey> ReadAgreed(AsnReader recipient)
    {
        var agreement = KeyAgreement.Read(recipient);
        var keys = recipient.ReadSequence();
        recipient.ThrowIfNotEmpty();
        while (keys.HasData)
        {
            var key = keys.ReadSequence();
            var identifier = key.PeekTag().HasSameClassAndValue(KeyIdentifierTag)
                ? CertificateIdentifier.OfKey(key.ReadSequence(KeyIdentifierTag).ReadOctetString())
                : CertificateIdentifier.ReadIssuerAndSerial(key.ReadSequence());
            yield return new AgreedKey(identifier, agreement, key.ReadOctetString());
        }
    }
}
