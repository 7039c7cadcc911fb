namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>
/// The header confidentiality policy: hcp_baseline, which RFC 9788 section 3.2.1 recommends, and what would undo it. Exchange repeats the
/// subject of a conversation in Thread-Topic.
/// </summary>
internal static class ConfidentialityPolicy
{
    /// <summary>What a hidden subject reads outside: a message without one is refused here and there.</summary>
    public const string Obscured = "[...]";

    /// <summary>The field as it is seen outside: itself, another one, or null where nothing is to be seen.</summary>
    public static HeaderField? Outside(HeaderField field) =>
        field.Is("Subject") ? field.Body == Obscured ? field : HeaderField.Compose(field.Name, Obscured)
        : IsRemoved(field) ? null
        : field;

    /// <summary>
    /// Whether people who see only what is outside miss something that programs show them (User-Facing, RFC 9787 section 1.1.2, with the
    /// informational fields that RFC 9788 section 1.9 shows).
    /// </summary>
    public static bool IsMissed(HeaderField field) => field.Is("Subject") || field.Is("Comments") || field.Is("Keywords");

    private static bool IsRemoved(HeaderField field) => field.Is("Comments") || field.Is("Keywords") || field.Is("Thread-Topic");
}
