using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>Which fields of a header are protected, and in which form.</summary>
internal static class CopiedFields
{
    // What servers write on the way. RFC 9788 protects what the composer knew (sections 2.2 and 7); for a gateway that is what came in
    // with the message, without the traces of how it came: RFC 5322 section 3.6.7, RFC 6376, RFC 7208, RFC 8601, RFC 8617, RFC 9228.
    // Everything else, also fields nobody has heard of, was the sender's.
    private static readonly string[] WrittenInTransit =
    [
        "Received", "Return-Path", "Delivered-To", "Received-SPF", "Authentication-Results", "DKIM-Signature", "DomainKey-Signature",
        "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results",
    ];

    /// <summary>Whether the field gets a protected copy: all do but structural ones (RFC 9787 section 1.1.1) and those of servers.</summary>
    public static bool Includes(HeaderField field) =>
        field.IsField && !field.IsContentField && !field.Is(MimeVersion.Name) && !field.Is(OuterField.Name) && !Array.Exists(WrittenInTransit, field.Is);

    /// <summary>
    /// The field as the content carries it: fit for a clear signature where that does not change it, and the same in HP-Outer, with which
    /// it is compared.
    /// </summary>
    public static HeaderField Copy(HeaderField field) =>
        FieldRepair.IsSafe(field) ? field
        : new HeaderField((FieldRepair.HasOneForm(field) ? null : FieldRepair.TryRepair(field)) ?? FieldRepair.WithoutTrailingBlanks(field.Raw.Span));
}
