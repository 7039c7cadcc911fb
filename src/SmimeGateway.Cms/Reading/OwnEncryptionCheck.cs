using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Writing;

namespace SmimeGateway.Cms.Reading;

/// <summary>
/// Reads what was encrypted as a receiver would, with the one shortcut that the key is the one it was encrypted with: the private keys
/// that would give it belong to the receivers.
/// </summary>
internal readonly struct OwnEncryptionCheck(RecipientInfos recipients, SymmetricEncryption symmetric, EnvelopeAssembly assembly)
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Context4 = new(TagClass.ContextSpecific, 4);

    /// <summary>Null if the octets are one object in DER, nothing more, for exactly the recipients, with the content.</summary>
    public CmsFault? Check(Memory<byte> cms, in ReadOnlySequence<byte> content)
    {
        try
        {
            var outer = new AsnReader(cms, AsnEncodingRules.DER);
            var contentInfo = ReadLast(outer);
            if (contentInfo.ReadObjectIdentifier() != (symmetric.TagLength > 0 ? Oids.AuthEnvelopedData : Oids.EnvelopedData))
            {
                return Malformed("The object is of another type.");
            }

            var envelope = ReadLast(ReadLast(contentInfo, Context0));
            if (!envelope.TryReadInt32(out var version) || version != assembly.Version)
            {
                return Malformed("The object has another version.");
            }

            return CheckRecipients(envelope.ReadSetOf()) ?? CheckContent(envelope, cms, content);
        }
        catch (AsnContentException)
        {
            return Malformed("The object is malformed.");
        }
        catch (CryptographicException)
        {
            return new CmsFault(CmsFaultKind.ContentMismatch, "The encrypted content does not decrypt.");
        }
    }

    private CmsFault? CheckRecipients(AsnReader infos)
    {
        for (var at = 0; at < recipients.Count; at++)
        {
            if (!infos.HasData)
            {
                return new CmsFault(CmsFaultKind.RecipientMismatch, "The object is for fewer recipients than it was made for.");
            }

            var info = infos.ReadEncodedValue();
            if (!recipients.IsAt(at, info.Span) || !ReadIdentifier(info).Span.SequenceEqual(recipients.IdentifierAt(at)))
            {
                return new CmsFault(CmsFaultKind.RecipientMismatch, "The object names another recipient than those it was made for.");
            }
        }

        return infos.HasData
            ? new CmsFault(CmsFaultKind.RecipientMismatch, "The object is for more recipients than it was made for.")
            : null;
    }

    private CmsFault? CheckContent(AsnReader envelope, Memory<byte> cms, in ReadOnlySequence<byte> content)
    {
        var encryptedContentInfo = envelope.ReadSequence();
        if (encryptedContentInfo.ReadObjectIdentifier() != Oids.Data
            || !encryptedContentInfo.ReadEncodedValue().Span.SequenceEqual(symmetric.AlgorithmIdentifier.Span))
        {
            return Malformed("The content is of another type, or encrypted in another way.");
        }

        if (!encryptedContentInfo.TryReadPrimitiveOctetString(out var encrypted, Context0))
        {
            return Malformed("The encrypted content is in pieces.");
        }

        encryptedContentInfo.ThrowIfNotEmpty();
        var tag = ReadOnlyMemory<byte>.Empty;
        if (symmetric.TagLength > 0 && !envelope.TryReadPrimitiveOctetString(out tag))
        {
            return Malformed("The authentication tag is in pieces.");
        }

        envelope.ThrowIfNotEmpty();
        cms.Span.Overlaps(encrypted.Span, out var offset);
        return symmetric.Holds(cms.Span.Slice(offset, encrypted.Length), tag.Span, content)
            ? null
            : new CmsFault(CmsFaultKind.ContentMismatch, "The content decrypts to another than was encrypted.");
    }

    /// <summary>How a RecipientInfo names its certificate, in DER (RFC 5652 section 6.2).</summary>
    private static ReadOnlyMemory<byte> ReadIdentifier(ReadOnlyMemory<byte> recipientInfo)
    {
        var reader = new AsnReader(recipientInfo, AsnEncodingRules.DER);
        if (reader.PeekTag().HasSameClassAndValue(Context4))
        {
            var other = reader.ReadSequence(Context4);
            other.ReadObjectIdentifier();
            var encapsulation = other.ReadSequence();
            encapsulation.ReadInteger();
            return encapsulation.ReadEncodedValue();
        }

        var isAgreement = reader.PeekTag().HasSameClassAndValue(Context1);
        var fields = reader.ReadSequence(isAgreement ? Context1 : Asn1Tag.Sequence);
        fields.ReadInteger();
        if (!isAgreement)
        {
            return fields.ReadEncodedValue();
        }

        // The originator, and user keying material where there is any, come first.
        fields.ReadEncodedValue();
        if (fields.PeekTag().HasSameClassAndValue(Context1))
        {
            fields.ReadEncodedValue();
        }

        fields.ReadSequence();
        return ReadLast(ReadLast(fields)).ReadEncodedValue();
    }

    private static AsnReader ReadLast(AsnReader reader, Asn1Tag? tag = null)
    {
        var sequence = reader.ReadSequence(tag);
        reader.ThrowIfNotEmpty();
        return sequence;
    }

    private static CmsFault Malformed(string reason) => new(CmsFaultKind.Malformed, reason);
}
