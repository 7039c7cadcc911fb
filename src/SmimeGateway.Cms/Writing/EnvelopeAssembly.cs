using System.Formats.Asn1;

namespace SmimeGateway.Cms.Writing;

/// <summary>
/// The arithmetic of one EnvelopedData (RFC 5652 section 6.1) or AuthEnvelopedData (RFC 5083 section 2.1) in DER with definite lengths:
/// what stands around the encrypted content, and where that belongs.
/// </summary>
internal sealed class EnvelopeAssembly
{
    private const byte SequenceTag = 0x30;
    private const byte SetTag = 0x31;
    private const byte IntegerTag = 0x02;
    private const byte OctetStringTag = 0x04;
    private const byte Context0Tag = 0xA0;
    private const byte PrimitiveContext0Tag = 0x80;
    private const int VersionSize = 3;

    private static readonly byte[] EnvelopedDataOid = EncodeOid(Oids.EnvelopedData);
    private static readonly byte[] AuthEnvelopedDataOid = EncodeOid(Oids.AuthEnvelopedData);
    private static readonly byte[] DataOid = EncodeOid(Oids.Data);

    private readonly RecipientInfos _recipients;
    private readonly ReadOnlyMemory<byte> _algorithm;
    private readonly byte[] _type;
    private readonly int _tagLength;
    private readonly int _encrypted;
    private readonly long _encryptedContentInfo;
    private readonly long _envelope;
    private readonly long _contentInfo;

    /// <exception cref="ArgumentException">The content is too long for one object in memory.</exception>
    public EnvelopeAssembly(RecipientInfos recipients, SymmetricEncryption symmetric, bool isAuthenticated, long contentLength)
    {
        _recipients = recipients;
        _algorithm = symmetric.AlgorithmIdentifier;
        _tagLength = symmetric.TagLength;
        _type = isAuthenticated ? AuthEnvelopedDataOid : EnvelopedDataOid;

        // RFC 5083 section 2.1 knows one version only.
        Version = isAuthenticated ? 0 : recipients.EnvelopedDataVersion;
        var encrypted = symmetric.EncryptedLength(contentLength);
        _encryptedContentInfo = DataOid.Length + _algorithm.Length + DerCursor.Sized(encrypted);
        _envelope = VersionSize + DerCursor.Sized(recipients.Length) + DerCursor.Sized(_encryptedContentInfo)
            + (isAuthenticated ? DerCursor.Sized(_tagLength) : 0);
        _contentInfo = _type.Length + DerCursor.Sized(DerCursor.Sized(_envelope));
        var length = DerCursor.Sized(_contentInfo);
        if (length > Array.MaxLength)
        {
            throw new ArgumentException("The content is too long.", nameof(contentLength));
        }

        _encrypted = (int)encrypted;
        EncodedLength = (int)length;
    }

    /// <summary>The length of the whole object.</summary>
    public int EncodedLength { get; }

    /// <summary>The version that the object has.</summary>
    public int Version { get; }

    /// <summary>Writes all but the encrypted content and its tag.</summary>
    /// <param name="destination">Exactly <see cref="EncodedLength"/> octets.</param>
    /// <param name="encrypted">Where the encrypted content belongs.</param>
    /// <param name="tag">Where the tag belongs; empty if there is none.</param>
    public void Write(Span<byte> destination, out Span<byte> encrypted, out Span<byte> tag)
    {
        var cursor = new DerCursor(destination);
        cursor.WriteHeader(SequenceTag, _contentInfo);
        cursor.Write(_type);
        cursor.WriteHeader(Context0Tag, DerCursor.Sized(_envelope));
        cursor.WriteHeader(SequenceTag, _envelope);
        cursor.Write([IntegerTag, 1, (byte)Version]);
        cursor.WriteHeader(SetTag, _recipients.Length);
        _recipients.Write(ref cursor);
        cursor.WriteHeader(SequenceTag, _encryptedContentInfo);
        cursor.Write(DataOid);
        cursor.Write(_algorithm.Span);
        cursor.WriteHeader(PrimitiveContext0Tag, _encrypted);
        encrypted = cursor.Leave(_encrypted);
        if (_tagLength > 0)
        {
            cursor.WriteHeader(OctetStringTag, _tagLength);
        }

        tag = cursor.Leave(_tagLength);
    }

    private static byte[] EncodeOid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }
}
