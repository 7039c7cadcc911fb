namespace SmimeGateway.Mime;

/// <summary>Protected header fields (RFC 9788): the content gets copies of the fields that were outside.</summary>
public static class HeaderProtection
{
    /// <summary>The message with copies of its header fields in the content, which says <c>hp="clear"</c>; to be signed.</summary>
    public static SplitMessage ForSigned(SplitMessage message) => throw new NotSupportedException($"{message}");

    /// <summary>
    /// The message with its header fields in the content, which says <c>hp="cipher"</c>, and outside only what the baseline confidentiality
    /// policy (hcp_baseline) leaves; to be encrypted.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="legacyDisplay">Whether the text repeats what is hidden outside, for clients that do not know protected headers.</param>
    public static SplitMessage ForEncrypted(SplitMessage message, bool legacyDisplay) => throw new NotSupportedException($"{message}{legacyDisplay}");
}
