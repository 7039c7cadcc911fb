using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>The multipart/signed format (RFC 1847 section 2.1, RFC 8551 section 3.5.3).</summary>
public static class MultipartSigned
{
    // RFC 8551 section 3.1.3 prints base64 in lines of 64, and so do the programs that read it.
    private const int LineLength = 64;

    private const string SignatureHeader =
        "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n"
        + "Content-Transfer-Encoding: base64\r\n"
        + "Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n";

    /// <summary>
    /// The signed message: outer fields, the part byte for byte, the signature. Needs no memory besides the array it returns. Without
    /// outer fields it is an entity for inside another one.
    /// </summary>
    public static byte[] Compose(
        IReadOnlyList<HeaderField> outerFields,
        ReadOnlySequence<byte> part,
        string micAlg,
        ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(outerFields);
        ArgumentNullException.ThrowIfNull(micAlg);
        var boundary = UniqueBoundary.Create();
        var head = MimeVersion.Before(outerFields)
            + "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n"
            // A list has commas, which a value has in quotation marks alone; one name is best known without.
            + (micAlg.Contains(',', StringComparison.Ordinal) ? $" micalg=\"{micAlg}\"" : $" micalg={micAlg}") + $"; boundary=\"{boundary}\"\r\n"
            + (WideLabel.For(part) is { } label ? $"Content-Transfer-Encoding: {label}\r\n" : string.Empty)
            + $"\r\n--{boundary}\r\n";
        // The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1), so the part keeps its own.
        var middle = $"\r\n--{boundary}\r\n" + SignatureHeader;
        var tail = $"\r\n--{boundary}--\r\n";

        var length = MessageWriter.LengthOf(outerFields)
            + head.Length + part.Length + middle.Length + Base64Body.EncodedLength(signature.Length, LineLength) + tail.Length;
        var writer = new MessageWriter(length);
        writer.Write(outerFields);
        writer.Write(head);
        writer.Write(part);
        writer.Write(middle);
        writer.WriteBase64(signature, LineLength);
        writer.Write(tail);
        return writer.Finish();
    }

    /// <summary>
    /// Takes a multipart/signed apart into the exact bytes that were signed and the decoded signature; fails where it has other than
    /// two parts.
    /// </summary>
    public static bool TryRead(
        Entity message,
        out ReadOnlyMemory<byte> signedPart,
        [NotNullWhen(true)] out byte[]? signature,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        signedPart = default;
        signature = null;
        if (message.ContentType.MediaType != "multipart/signed")
        {
            fault = new MimeFault("the message is not a multipart/signed", 0);
            return false;
        }

        if (!message.TryGetParts(out var parts, out fault))
        {
            return false;
        }

        if (parts.Count != 2)
        {
            fault = new MimeFault($"the multipart/signed has {parts.Count} parts where it must have two", 0);
            return false;
        }

        signedPart = parts[0].Raw;
        signature = parts[1].DecodeBody();
        return true;
    }
}
