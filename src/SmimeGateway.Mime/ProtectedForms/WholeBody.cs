using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>
/// Reads messages whose whole body is one protected object and nothing else: no text before, behind or between its parts, beside its
/// transfer encoding, or in fields that have to name the object only. What was changed on the way, as by a list that adds a footer, is none.
/// </summary>
public static class WholeBody
{
    private const string ForeignFields = "header fields of the object say more than what it is";

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <summary>The CMS object that an application/pkcs7-mime is. Whether octets follow the object within, its reader tells.</summary>
    public static bool TryReadCms(Entity message, out ReadOnlyMemory<byte> cms, [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        cms = default;
        var reason = !SmimeTypes.IsPkcs7Mime(message) ? "the message is not an application/pkcs7-mime"
            : !BareLabels.AreBareOfMessage(message.Header) ? ForeignFields
            : !TryDecode(message, out cms) ? "text stands beside the encoding of the object"
            : cms.IsEmpty ? "the object is empty"
            : null;
        return Answer(reason, out fault);
    }

    /// <summary>
    /// The signed part, byte for byte, and the decoded signature of a multipart/signed. A notice before the first part is let be: no program
    /// that reads the parts shows it.
    /// </summary>
    public static bool TryReadSigned(
        Entity message, out ReadOnlyMemory<byte> signedPart, out ReadOnlyMemory<byte> signature, [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        signedPart = default;
        signature = default;
        if (message.ContentType.MediaType != "multipart/signed")
        {
            return Answer("the message is not a multipart/signed", out fault);
        }

        if (!TryReadTwoParts(message, allowsPreamble: true, out var first, out var second, out fault))
        {
            return false;
        }

        signedPart = first.Raw;
        return Answer(TryDecode(second, out signature) && !signature.IsEmpty ? null : "text stands beside the encoding of the signature", out fault);
    }

    /// <summary>Whether a multipart/signed has a readable OpenPGP signature over its first part (RFC 3156 section 5).</summary>
    public static bool IsPgpSigned(Entity message, [NotNullWhen(false)] out MimeFault? fault) =>
        TryReadSigned(message, out _, out var signature, out fault)
        && Answer(PgpBlock.IsSignature(signature.Span, allowsHeaders: true) ? null : "the second part is no OpenPGP signature in armour", out fault);

    /// <summary>Whether a multipart/encrypted is an OpenPGP message and its control information alone (RFC 3156 section 4).</summary>
    public static bool IsPgpEncrypted(Entity message, [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.ContentType.MediaType != "multipart/encrypted")
        {
            return Answer("the message is not a multipart/encrypted", out fault);
        }

        if (!TryReadTwoParts(message, allowsPreamble: false, out var control, out var data, out fault))
        {
            return false;
        }

        var reason = !BareLabels.AreBareOfMessage(message.Header) || !BareLabels.AreBareOfPart(control.Header) || !BareLabels.AreBareOfPart(data.Header)
                ? ForeignFields
            : control.ContentType.MediaType != "application/pgp-encrypted" || !TryDecode(control, out var version) || !IsVersion(version.Span)
                ? "the first part is other than \"Version: 1\""
            : data.ContentType.MediaType != "application/octet-stream" || !TryDecode(data, out var armour) || !PgpBlock.IsEncrypted(armour.Span)
                ? "the second part is other than one encrypted OpenPGP message in armour"
            : null;
        return Answer(reason, out fault);
    }

    /// <summary>Whether a plain text is one encrypted OpenPGP message in armour.</summary>
    public static bool IsPgpEncryptedText(Entity message, [NotNullWhen(false)] out MimeFault? fault) =>
        Answer(
            TryDecodeText(message, out var text) && BareLabels.AreBareOfMessage(message.Header) && PgpBlock.IsEncrypted(text.Span)
                ? null
                : "the text is other than one encrypted OpenPGP message in armour",
            out fault);

    /// <summary>Whether a plain text is signed by OpenPGP from its first line to its last.</summary>
    public static bool IsPgpSignedText(Entity message, [NotNullWhen(false)] out MimeFault? fault) =>
        Answer(TryDecodeText(message, out var text) && PgpBlock.IsClearSigned(text.Span) ? null : "the text is not signed from its first line to its last", out fault);

    private static bool TryReadTwoParts(
        Entity multipart, bool allowsPreamble, [NotNullWhen(true)] out Entity? first, [NotNullWhen(true)] out Entity? second, [NotNullWhen(false)] out MimeFault? fault)
    {
        first = null;
        second = null;
        if (!multipart.TryGetParts(out var parts, out fault))
        {
            return false;
        }

        if (parts.Count != 2)
        {
            return Answer($"there are {parts.Count} parts where two belong", out fault);
        }

        (first, second) = (parts[0], parts[1]);
        return Answer(BareMultipart.FindText(multipart, allowsPreamble), out fault);
    }

    private static bool TryDecodeText(Entity message, out ReadOnlyMemory<byte> text)
    {
        ArgumentNullException.ThrowIfNull(message);
        text = default;
        return message.ContentType.MediaType == "text/plain" && TryDecode(message, out text);
    }

    private static bool TryDecode(Entity entity, out ReadOnlyMemory<byte> octets) =>
        WholeDecoding.TryDecode(entity.TransferEncoding, entity.Body, out octets);

    private static bool IsVersion(ReadOnlySpan<byte> control) => System.Text.Ascii.EqualsIgnoreCase(control.Trim(Blanks), "Version: 1"u8);

    private static bool Answer(string? reason, [NotNullWhen(false)] out MimeFault? fault)
    {
        fault = reason is null ? null : new MimeFault(reason, 0);
        return fault is null;
    }
}
