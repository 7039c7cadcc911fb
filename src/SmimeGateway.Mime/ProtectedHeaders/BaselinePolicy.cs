namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>hcp_baseline, the header confidentiality policy that RFC 9788 section 3.2.1 recommends.</summary>
internal static class BaselinePolicy
{
    /// <summary>What a hidden subject reads outside: a message without one is refused here and there.</summary>
    public const string Obscured = "[...]";

    /// <summary>The field as it is seen outside: itself, another one, or null where nothing is to be seen.</summary>
    public static HeaderField? Outside(HeaderField field) =>
        field.Is("Subject") ? field.Body == Obscured ? field : HeaderField.Compose(field.Name, Obscured)
        : field.Is("Comments") || field.Is("Keywords") ? null
        : field;
}
