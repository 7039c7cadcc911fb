using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>The application/pkcs7-mime format (RFC 8551 section 3.2).</summary>
public static class Pkcs7Mime
{
    private const int MailLineLength = 64;

    /// <summary>
    /// The message whose body is a CMS object: outer fields, then base64 in lines of 64 or 76, encoded straight into the array returned.
    /// Without outer fields it is an entity for inside another one.
    /// </summary>
    public static byte[] Compose(
        IReadOnlyList<HeaderField> outerFields,
        string smimeType,
        string fileName,
        ReadOnlySequence<byte> cms,
        int lineLength = MailLineLength)
    {
        ArgumentNullException.ThrowIfNull(outerFields);
        ArgumentOutOfRangeException.ThrowIfNotEqual(lineLength is MailLineLength or Base64Body.MaxLineLength, true, nameof(lineLength));
        var writer = Begin(outerFields, smimeType, fileName, Base64Body.EncodedLength(cms.Length, lineLength));
        writer.WriteBase64(cms, lineLength);
        return writer.Finish();
    }

    /// <summary>
    /// The message whose body is a CMS object that is written straight into the array returned, and encoded there: nothing else of the
    /// object's size is allocated.
    /// </summary>
    /// <param name="outerFields">The fields before those of the body; empty for an entity inside another one.</param>
    /// <param name="smimeType">The value of the smime-type parameter.</param>
    /// <param name="fileName">The name of the body: smime.p7m, or smime.p7z for compressed data (RFC 8551 section 3.2.1).</param>
    /// <param name="cmsLength">The length of the object.</param>
    /// <param name="write">Writes the object into exactly that many octets, all of them.</param>
    public static byte[] Compose(
        IReadOnlyList<HeaderField> outerFields, string smimeType, string fileName, int cmsLength, Action<Memory<byte>> write)
    {
        ArgumentNullException.ThrowIfNull(outerFields);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfNegative(cmsLength);
        var writer = Begin(outerFields, smimeType, fileName, Base64Body.EncodedLength(cmsLength, MailLineLength));
        write(writer.Tail(cmsLength));
        writer.EncodeTail(cmsLength, MailLineLength);
        return writer.Finish();
    }

    /// <summary>The decoded CMS object of a message that is one; fails where the type is another or the body empty.</summary>
    public static bool TryRead(Entity message, [NotNullWhen(true)] out byte[]? cms, [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        cms = null;
        if (!SmimeTypes.IsPkcs7Mime(message))
        {
            fault = new MimeFault("the message is not an application/pkcs7-mime", 0);
            return false;
        }

        var decoded = message.DecodeBody();
        if (decoded.Length == 0)
        {
            fault = new MimeFault("the application/pkcs7-mime body is empty", 0);
            return false;
        }

        cms = decoded;
        fault = null;
        return true;
    }

    /// <summary>Whether an entity is a CMS object: by its type, or by its file name where the type was lost on the way.</summary>
    public static bool Is(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return SmimeTypes.IsPkcs7Mime(entity);
    }

    /// <summary>
    /// The decoded CMS object of an entity that is one and whose transfer encoding is sound, so that no program reads another object. Octets
    /// may follow the object.
    /// </summary>
    public static bool TryReadWhole(Entity entity, out ReadOnlyMemory<byte> cms)
    {
        ArgumentNullException.ThrowIfNull(entity);
        cms = default;
        return SmimeTypes.IsPkcs7Mime(entity) && WholeDecoding.TryDecode(entity.TransferEncoding, entity.Body, out cms) && !cms.IsEmpty;
    }

    /// <summary>
    /// The decoded CMS object of an entity that says something else of itself, or that is named as only some programs would understand: a
    /// label is no proof of what is not there either.
    /// </summary>
    public static bool TryReadUnnamed(Entity entity, out ReadOnlyMemory<byte> cms)
    {
        ArgumentNullException.ThrowIfNull(entity);
        cms = default;
        return entity.ContentType.Type == "application"
            && SmimeTypes.BeginsLikeCms(entity)
            && WholeDecoding.TryDecode(entity.TransferEncoding, entity.Body, out cms);
    }

    private static MessageWriter Begin(IReadOnlyList<HeaderField> outerFields, string smimeType, string fileName, long bodyLength)
    {
        var head = $"{MimeVersion.Before(outerFields)}Content-Type: application/pkcs7-mime; smime-type={smimeType};\r\n name=\"{fileName}\"\r\n"
            + $"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{fileName}\"\r\n\r\n";
        var writer = new MessageWriter(MessageWriter.LengthOf(outerFields) + head.Length + bodyLength);
        writer.Write(outerFields);
        writer.Write(head);
        return writer;
    }
}
