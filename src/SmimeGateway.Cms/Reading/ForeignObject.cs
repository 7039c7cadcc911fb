using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SmimeGateway.Cms.Reading;

/// <summary>What reading has in common for all objects that somebody else made.</summary>
internal static class ForeignObject
{
    /// <summary>Reads an object; whatever is wrong with its bytes becomes the fault.</summary>
    /// <param name="encoded">The bytes.</param>
    /// <param name="limits">What the object may ask of its reader.</param>
    /// <param name="read">Reads it, and throws <see cref="AsnContentException"/> or <see cref="CmsFaultException"/> where it cannot.</param>
    /// <param name="name">What it should be, for the fault.</param>
    /// <param name="fields">What was read.</param>
    /// <param name="fault">Why there is nothing.</param>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> encoded,
        CmsLimits limits,
        Func<ReadOnlyMemory<byte>, CmsLimits, T> read,
        string name,
        [NotNullWhen(true)] out T? fields,
        [NotNullWhen(false)] out CmsFault? fault)
        where T : class
    {
        fields = null;
        fault = null;
        try
        {
            fields = read(encoded, limits);
            return true;
        }
        catch (AsnContentException)
        {
            fault = new CmsFault(CmsFaultKind.Malformed, $"The bytes are not a well-formed {name}.");
        }
        catch (CmsFaultException exception)
        {
            fault = exception.Fault;
        }

        return false;
    }

    /// <summary>Reads the type of a ContentInfo (RFC 5652 section 3), and returns the reader of what follows.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static AsnReader Open(ReadOnlyMemory<byte> encoded, out string type, out int encodedLength)
    {
        // The order in which the elements of a set arrive says nothing, so it is not verified.
        var options = new AsnReaderOptions { SkipSetSortOrderVerification = true };
        var outer = new AsnReader(encoded, AsnEncodingRules.BER, options);
        AsnDecoder.ReadEncodedValue(encoded.Span, AsnEncodingRules.BER, out _, out _, out encodedLength);
        var contentInfo = outer.ReadSequence();
        type = contentInfo.ReadObjectIdentifier();
        return contentInfo;
    }
}
