using System.Formats.Asn1;

namespace SmimeGateway.Cms.Writing;

/// <summary>
/// The signed attributes of one signer in DER, complete but for the digest and the time, which are patched in per message. Their
/// order as a DER set cannot change with the message: attributes differ in their lengths or identifiers, which come first.
/// </summary>
internal sealed class SignedAttributesTemplate
{
    private const byte SetTag = 0x31;

    // RFC 5652 section 11.3: years up to 2049 are UTCTime with two digits, later ones GeneralizedTime.
    private const int LastUtcTimeYear = 2049;
    private const int FirstUtcTimeYear = 1950;
    private const string UtcTimeForm = "yyMMddHHmmss";
    private const string GeneralizedTimeForm = "yyyyMMddHHmmss";

    private readonly byte[] _encoded;
    private readonly int _digestAt;
    private readonly int _timeAt;
    private readonly string _timeForm;

    private SignedAttributesTemplate(IEnumerable<byte[]> constant, int digestLength, bool utcTime)
    {
        _timeForm = utcTime ? UtcTimeForm : GeneralizedTimeForm;
        var digest = EncodeAttribute(Oids.MessageDigest, writer => writer.WriteOctetString(new byte[digestLength]));
        var time = EncodeAttribute(Oids.SigningTime, writer => WriteTimePlace(writer, utcTime));
        var attributes = constant.Append(digest).Append(time).ToArray();
        Array.Sort(attributes, (one, other) => one.AsSpan().SequenceCompareTo(other));

        var length = attributes.Sum(attribute => attribute.Length);
        _encoded = new byte[DerCursor.Sized(length)];
        var cursor = new DerCursor(_encoded);
        cursor.WriteHeader(SetTag, length);
        var at = DerCursor.HeaderSize(length);
        foreach (var attribute in attributes)
        {
            cursor.Write(attribute);
            at += attribute.Length;

            // Digest and time each end their attribute; the time is followed by its Z.
            if (ReferenceEquals(attribute, digest))
            {
                _digestAt = at - digestLength;
            }
            else if (ReferenceEquals(attribute, time))
            {
                _timeAt = at - _timeForm.Length - 1;
            }
        }
    }

    /// <summary>The size of the set.</summary>
    public int Length => _encoded.Length;

    /// <summary>Both templates of a signer, for times before and from 2050.</summary>
    public static (SignedAttributesTemplate Utc, SignedAttributesTemplate Generalized) Create(
        IReadOnlyList<byte[]> constant, int digestLength) =>
        (new SignedAttributesTemplate(constant, digestLength, utcTime: true),
            new SignedAttributesTemplate(constant, digestLength, utcTime: false));

    /// <summary>Whether the time is written as UTCTime.</summary>
    public static bool IsUtcTime(DateTimeOffset time) => time.UtcDateTime.Year is >= FirstUtcTimeYear and <= LastUtcTimeYear;

    /// <summary>One attribute with one value.</summary>
    public static byte[] EncodeAttribute(string oid, Action<AsnWriter> writeValue)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
            {
                writeValue(writer);
            }
        }

        return writer.Encode();
    }

    /// <summary>Writes the set with this digest and time into a destination of exactly <see cref="Length"/> bytes.</summary>
    public void Fill(Span<byte> destination, ReadOnlySpan<byte> digest, DateTimeOffset time)
    {
        _encoded.CopyTo(destination);
        digest.CopyTo(destination[_digestAt..]);
        time.UtcDateTime.TryFormat(destination[_timeAt..], out _, _timeForm, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void WriteTimePlace(AsnWriter writer, bool utcTime)
    {
        if (utcTime)
        {
            writer.WriteUtcTime(DateTimeOffset.UnixEpoch);
        }
        else
        {
            writer.WriteGeneralizedTime(DateTimeOffset.UnixEpoch, omitFractionalSeconds: true);
        }
    }
}
