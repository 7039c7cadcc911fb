using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>
/// Everything in a SignedData that is the same for all messages of one signer, encoded once, and the arithmetic that puts a
/// message's content and signatures between it. All output is DER with definite lengths.
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

    public SignedDataAssembly(IEnumerable<DigestAlgorithm> digests, IEnumerable<X509Certificate2> certificates)
    {
        // RFC 5652 section 5.1: version 1, because the content is of type data, signers are named by issuer and serial number,
        // and there are no certificates but X.509 ones.
        _versionAndDigests = Encode(writer =>
        {
            writer.WriteInteger(1);
            using (writer.PushSetOf())
            {
                foreach (var digest in digests.Distinct())
                {
                    digest.Write(writer);
                }
            }
        });
        _certificates = EncodeCertificates(certificates);
    }

    /// <summary>The SignedData of content that travels beside it.</summary>
    public byte[] Detach(byte[][] signerInfos)
    {
        var sizes = new Sizes(this, contentLength: null, signerInfos);
        var encoded = new byte[sizes.BeforeContent + sizes.AfterContent];
        WriteBeforeContent(encoded.AsSpan(0, sizes.BeforeContent), sizes);
        WriteAfterContent(encoded.AsSpan(sizes.BeforeContent), signerInfos, sizes);
        return encoded;
    }

    /// <summary>The SignedData around the content, whose bytes are referred to and not copied.</summary>
    public ReadOnlySequence<byte> Encapsulate(in ReadOnlySequence<byte> content, byte[][] signerInfos)
    {
        var sizes = new Sizes(this, content.Length, signerInfos);
        var before = new byte[sizes.BeforeContent];
        var after = new byte[sizes.AfterContent];
        WriteBeforeContent(before, sizes);
        WriteAfterContent(after, signerInfos, sizes);
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

    private void WriteAfterContent(Span<byte> destination, byte[][] signerInfos, in Sizes sizes)
    {
        var cursor = new DerCursor(destination);
        cursor.Write(_certificates);
        cursor.WriteHeader(SetTag, sizes.SignerInfos);

        // DER orders what is in a set.
        Array.Sort(signerInfos, static (one, other) => one.AsSpan().SequenceCompareTo(other));
        foreach (var signerInfo in signerInfos)
        {
            cursor.Write(signerInfo);
        }
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
        public Sizes(SignedDataAssembly parts, long? contentLength, byte[][] signerInfos)
        {
            Content = contentLength;
            foreach (var signerInfo in signerInfos)
            {
                SignerInfos += signerInfo.Length;
            }

            EncapsulatedContent = DataOid.Length
                + (contentLength is { } length ? DerCursor.Sized(DerCursor.Sized(length)) : 0);
            var afterContent = parts._certificates.Length + DerCursor.Sized(SignerInfos);
            SignedData = parts._versionAndDigests.Length + DerCursor.Sized(EncapsulatedContent) + afterContent;
            AfterContent = (int)afterContent;
            var contentInfo = SignedDataOid.Length + DerCursor.Sized(DerCursor.Sized(SignedData));
            BeforeContent = (int)(DerCursor.Sized(contentInfo) - afterContent - (contentLength ?? 0));
        }

        public long? Content { get; }

        public long SignerInfos { get; }

        public long EncapsulatedContent { get; }

        public long SignedData { get; }

        public int BeforeContent { get; }

        public int AfterContent { get; }
    }
}
