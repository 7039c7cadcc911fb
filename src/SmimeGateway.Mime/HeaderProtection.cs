using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime;

/// <summary>Protected header fields (RFC 9788): the content gets copies of the fields that were outside.</summary>
public static class HeaderProtection
{
    private const string OuterName = "HP-Outer";

    /// <summary>The message with copies of its header fields in the content, which says <c>hp="clear"</c>; to be signed.</summary>
    public static SplitMessage ForSigned(SplitMessage message) => throw new NotSupportedException($"{message}");

    /// <summary>
    /// The message with its header fields in the content, which says <c>hp="cipher"</c>, and outside only what the baseline confidentiality
    /// policy (hcp_baseline) leaves; to be encrypted.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="legacyDisplay">Whether the text repeats what is hidden outside, for clients that do not know protected headers.</param>
    public static SplitMessage ForEncrypted(SplitMessage message, bool legacyDisplay) => throw new NotSupportedException($"{message}{legacyDisplay}");

    /// <summary>
    /// Reads the protected header of a cryptographic payload: the entity that is left when all layers of signing, encrypting and
    /// compressing are taken off (the part of a multipart/signed, the content of a CMS object). False where it has none. Nothing else may
    /// be asked: the parameter means nothing anywhere but there (section 4.1).
    /// </summary>
    /// <remarks>
    /// Where the address of its From is not that of the message outside, a receiver that relies on its server to check senders goes on with
    /// the one outside, unless a valid signature is bound to the one inside (section 4.4).
    /// </remarks>
    public static bool TryRead(Entity payload, [NotNullWhen(true)] out ProtectedHeader? header)
    {
        ArgumentNullException.ThrowIfNull(payload);
        header = null;
        HeaderProtectionValue value;
        switch (payload.ContentType.Parameter("hp")?.Trim().ToLowerInvariant())
        {
            case "clear":
                value = HeaderProtectionValue.Clear;
                break;
            case "cipher":
                value = HeaderProtectionValue.Cipher;
                break;
            default:
                return false;
        }

        var fields = new List<HeaderField>(payload.Header.Count);
        var outer = new List<HeaderField>();
        foreach (var field in payload.Header)
        {
            if (field.Is(OuterName))
            {
                // The value begins with the name of the field that is outside; blanks before it do not belong to it.
                outer.Add(new HeaderField(field.RawBody.TrimStart(" \t\r\n"u8)));
            }
            else if (field.IsField && !field.IsContentField && !field.Is(MimeVersion.Name))
            {
                fields.Add(field);
            }
        }

        header = new ProtectedHeader(value, new HeaderSection(default, [.. fields]), new HeaderSection(default, [.. outer]));
        return true;
    }
}
