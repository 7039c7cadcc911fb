using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>
/// Everything in a SignedData that is the same for all messages of one signer, encoded once, and the arithmetic that puts a
/// message's attributes and signature between it. All output is DER with definite lengths.
/// </summary>
internal sealed class SignedDataAssembly
{
    private const byte SequenceTag = 0x30;
    private const byte SetTag = 0x31;
    private const byte OctetStringTag = 0x04;
    private const byte Context0Tag = 0xA0;

    private static readonly Asn1Tag CertificatesTag = new(TagClass.ContextSpecific, 0);
    private static readonly byte[] SignedDataOid = EncodeOid(Oids.SignedData);
    private static readonly byte[] DataOid = EncodeOid(Oids.Data);

    private readonly byte[] _versionAndDigests;
    private readonly byte[] _certificates;
    private readonly byte[] _signerHead;
    private readonly byte[] _signatureAlgorithm;

    public SignedDataAssembly(
        X509Certificate2 signer, DigestAlgorithm digest, byte[] signatureAlgorithm, IEnumerable<X509Certificate2> certificates)
    {
        // RFC 5652 section 5.1: version 1, because the content is of type data, the signer is named by issuer and serial number,
        // and there are no certificates but X.509 ones; the SignerInfo is version 1 for the second reason (section 5.3).
        _versionAndDigests = Encode(writer =>
        {
            writer.WriteInteger(1);
            using (writer.PushSetOf())
            {
                digest.Write(writer);
            }
        });
        _certificates = EncodeCertificates(certificates);
        _signerHead = Encode(writer =>
        {
            writer.WriteInteger(1);
            writer.WriteEncodedValue(CertificateAttributes.EncodeIssuerAndSerial(signer));
            digest.Write(writer);
        });
        _signatureAlgorithm = signatureAlgorithm;
    }

    /// <summary>The SignedData of content that travels beside it.</summary>
    public byte[] Detach(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> signature)
    {
        var sizes = new Sizes(this, contentLength: null, attributes.Length, signature.Length);
        var encoded = new byte[sizes.BeforeContent + sizes.AfterContent];
        WriteBeforeContent(encoded.AsSpan(0, sizes.BeforeContent), sizes);
        WriteAfterContent(encoded.AsSpan(sizes.BeforeContent), attributes, signature, sizes);
        return encoded;
    }

    /// <summary>The SignedData around the content, whose bytes are referred to and not copied.</summary>
    public ReadOnlySequence<byte> Encapsulate(
        in ReadOnlySequence<byte> content, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> signature)
    {
        var sizes = new Sizes(this, content.Length, attributes.Length, signature.Length);
        var before = new byte[sizes.BeforeContent];
        var after = new byte[sizes.AfterContent];
        WriteBeforeContent(before, sizes);
        WriteAfterContent(after, attributes, signature, sizes);
        return MemoryPiece.Join(before, content, after);
    }

    private void WriteBeforeContent(Span<byte> destination, in Sizes sizes)
    {
        var cursor = new DerCursor(destination);
        cursor.WriteHeader(SequenceTag, SignedDataOid.Length + DerCursor.Sized(DerCursor.Sized(sizes.SignedData)));
        cursor.Write(SignedDataOid);
        cursor.WriteHeader(Context0Tag, DerCursor.Sized(sizes.SignedData));
        cursor.WriteHeader(SequenceTag, sizes.SignedData);
        cursor.Write(_versionAndDigests);
        cursor.WriteHeader(SequenceTag, sizes.EncapsulatedContent);
        cursor.Write(DataOid);
        if (sizes.Content is { } content)
        {
            cursor.WriteHeader(Context0Tag, DerCursor.Sized(content));
            cursor.WriteHeader(OctetStringTag, content);
        }
    }

    private void WriteAfterContent(
        Span<byte> destination, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> signature, in Sizes sizes)
    {
        var cursor = new DerCursor(destination);
        cursor.Write(_certificates);
        cursor.WriteHeader(SetTag, DerCursor.Sized(sizes.SignerInfo));
        cursor.WriteHeader(SequenceTag, sizes.SignerInfo);
        cursor.Write(_signerHead);

        // The set is signed under its own tag and sent under the field's (RFC 5652 section 5.4).
        cursor.WriteRetagged(Context0Tag, attributes);
        cursor.Write(_signatureAlgorithm);
        cursor.WriteHeader(OctetStringTag, signature.Length);
        cursor.Write(signature);
    }

    private static byte[] EncodeCertificates(IEnumerable<X509Certificate2> certificates)
    {
        var distinct = certificates.DistinctBy(certificate => certificate.Thumbprint, StringComparer.Ordinal).ToArray();
        return distinct.Length == 0 ? [] : Encode(writer =>
        {
            using (writer.PushSetOf(CertificatesTag))
            {
                foreach (var certificate in distinct)
                {
                    writer.WriteEncodedValue(certificate.RawDataMemory.Span);
                }
            }
        });
    }

    private static byte[] EncodeOid(string oid) => Encode(writer => writer.WriteObjectIdentifier(oid));

    private static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    /// <summary>The lengths of one message's elements, inside out.</summary>
    private readonly struct Sizes
    {
        public Sizes(SignedDataAssembly parts, long? contentLength, int attributes, int signature)
        {
            Content = contentLength;
            SignerInfo = parts._signerHead.Length + attributes + parts._signatureAlgorithm.Length + DerCursor.Sized(signature);
            EncapsulatedContent = DataOid.Length
                + (contentLength is { } length ? DerCursor.Sized(DerCursor.Sized(length)) : 0);
            var afterContent = parts._certificates.Length + DerCursor.Sized(DerCursor.Sized(SignerInfo));
            SignedData = parts._versionAndDigests.Length + DerCursor.Sized(EncapsulatedContent) + afterContent;
            AfterContent = (int)afterContent;
            var contentInfo = SignedDataOid.Length + DerCursor.Sized(DerCursor.Sized(SignedData));
            BeforeContent = (int)(DerCursor.Sized(contentInfo) - afterContent - (contentLength ?? 0));
        }

        public long? Content { get; }

        public long SignerInfo { get; }

        public long EncapsulatedContent { get; }

        public long SignedData { get; }

        public int BeforeContent { get; }

        public int AfterContent { get; }
    }
}
