namespace SmimeGateway.Cms.Writing;

/// <summary>The recipients of one encrypted object, each with its RecipientInfo, in the order of DER.</summary>
internal sealed class RecipientInfos
{
    private readonly (byte[] Encoded, CmsRecipient Recipient)[] _all;

    /// <summary>Encrypts the key to each of them.</summary>
    public RecipientInfos(IReadOnlyList<CmsRecipient> recipients, ReadOnlySpan<byte> contentKey)
    {
        _all = new (byte[], CmsRecipient)[recipients.Count];
        for (var at = 0; at < _all.Length; at++)
        {
            _all[at] = (recipients[at].Encryption.Encrypt(contentKey), recipients[at]);
            Length += _all[at].Encoded.Length;
        }

        Array.Sort(_all, static (one, other) => one.Encoded.AsSpan().SequenceCompareTo(other.Encoded));
    }

    /// <summary>The length of all of them together.</summary>
    public long Length { get; }

    /// <summary>How many there are.</summary>
    public int Count => _all.Length;

    /// <summary>The version of the EnvelopedData around them (RFC 5652 section 6.1).</summary>
    public int EnvelopedDataVersion => Array.Exists(_all, static one => one.Recipient.Encryption.IsOther) ? 3
        : Array.TrueForAll(_all, static one => one.Recipient.Encryption.Version == 0) ? 0
        : 2;

    /// <summary>Writes them one after the other.</summary>
    public void Write(ref DerCursor cursor)
    {
        foreach (var (encoded, _) in _all)
        {
            cursor.Write(encoded);
        }
    }

    /// <summary>Whether the recipient at a place in the order was written as these octets.</summary>
    public bool IsAt(int index, ReadOnlySpan<byte> encoded) => encoded.SequenceEqual(_all[index].Encoded);

    /// <summary>How the certificate of the recipient at a place is named.</summary>
    public ReadOnlySpan<byte> IdentifierAt(int index) => _all[index].Recipient.Encryption.Identifier.Span;
}
