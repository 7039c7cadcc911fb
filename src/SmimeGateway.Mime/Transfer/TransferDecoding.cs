namespace SmimeGateway.Mime.Transfer;

/// <summary>Undoes a transfer encoding by its name (RFC 2045 section 6).</summary>
internal static class TransferDecoding
{
    /// <summary>The decoded body; a name nobody knows stands for no encoding, which is what its users mostly meant.</summary>
    public static byte[] Decode(string transferEncoding, ReadOnlySpan<byte> body) => transferEncoding switch
    {
        "base64" => Base64Body.Decode(body),
        "quoted-printable" => QuotedPrintable.Decode(body),
        "x-uuencode" or "uuencode" or "x-uue" => UuencodedBody.Decode(body),
        _ => body.ToArray(),
    };

    /// <summary>Whether the body under this name is encoded at all.</summary>
    public static bool IsEncoding(string transferEncoding) =>
        transferEncoding is "base64" or "quoted-printable" or "x-uuencode" or "uuencode" or "x-uue";
}
