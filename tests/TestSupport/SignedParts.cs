using System.Text;
using System.Text.RegularExpressions;

namespace SmimeGateway.TestSupport;

/// <summary>
/// Takes the CMS object, and for a clear signature the exact signed bytes, out of a message. Written for the judges that read
/// no mail themselves, on purpose without the gateway's own MIME code.
/// </summary>
/// <param name="Cms">The CMS object in DER.</param>
/// <param name="SignedContent">The bytes a clear signature covers; null for an opaque one.</param>
public sealed partial record SignedParts(byte[] Cms, byte[]? SignedContent)
{
    /// <summary>Splits a message of ours or of anybody who follows RFC 8551.</summary>
    /// <exception cref="InvalidDataException">It is neither multipart/signed nor application/pkcs7-mime.</exception>
    public static SignedParts Of(ReadOnlySpan<byte> message)
    {
        var (fields, body) = Split(message);
        var contentType = Field(fields, "Content-Type");
        if (contentType.StartsWith("multipart/signed", StringComparison.OrdinalIgnoreCase))
        {
            var boundary = BoundaryParameter().Match(contentType);
            var delimiter = "--" + (boundary.Groups[1].Success ? boundary.Groups[1].Value : boundary.Groups[2].Value);
            return SplitClear(body, Encoding.Latin1.GetBytes(delimiter));
        }

        return contentType.StartsWith("application/pkcs7-mime", StringComparison.OrdinalIgnoreCase)
            ? new SignedParts(Decode(body), null)
            : throw new InvalidDataException($"not a signed message: Content-Type is '{contentType}'");
    }

    private static SignedParts SplitClear(ReadOnlySpan<byte> body, byte[] delimiter)
    {
        byte[] inner = [.. "\r\n"u8, .. delimiter];
        var start = body.StartsWith(delimiter) ? delimiter.Length + 2 : body.IndexOf(inner) + inner.Length + 2;
        var content = body[start..];
        var end = content.IndexOf(inner);
        var signature = content[(end + inner.Length + 2)..];
        var (_, encoded) = Split(signature[..signature.IndexOf(inner)]);
        return new SignedParts(Decode(encoded), content[..end].ToArray());
    }

    private static (string Fields, byte[] Body) Split(ReadOnlySpan<byte> entity)
    {
        var end = entity.IndexOf("\r\n\r\n"u8);
        var fields = Encoding.Latin1.GetString(entity[..(end + 2)]);
        return (FoldedLine().Replace(fields, " "), entity[(end + 4)..].ToArray());
    }

    private static string Field(string fields, string name) =>
        Regex.Match(fields, $"^{name}:[ \t]*(.*?)\r?$", RegexOptions.IgnoreCase | RegexOptions.Multiline).Groups[1].Value;

    private static byte[] Decode(ReadOnlySpan<byte> base64) => Convert.FromBase64String(Encoding.Latin1.GetString(base64));

    [GeneratedRegex("boundary=(?:\"([^\"]*)\"|([^;\\s]*))", RegexOptions.IgnoreCase)]
    private static partial Regex BoundaryParameter();

    [GeneratedRegex("\r\n[ \t]+")]
    private static partial Regex FoldedLine();
}
