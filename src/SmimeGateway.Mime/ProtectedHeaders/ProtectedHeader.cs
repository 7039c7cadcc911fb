namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>The header that lies under a signature or encryption, as its composer wrote it (RFC 9788 section 4.2.1).</summary>
public sealed class ProtectedHeader
{
    internal ProtectedHeader(HeaderProtectionValue value, HeaderSection fields, HeaderSection outer)
    {
        Value = value;
        Fields = fields;
        Outer = outer;
    }

    /// <summary>
    /// What the composer meant. It proves nothing: a message that says cipher and was not encrypted is a signed one (section 10.2).
    /// </summary>
    public HeaderProtectionValue Value { get; }

    /// <summary>The fields of the message: all that do not describe the content. They are what a reader shows and acts on.</summary>
    public HeaderSection Fields { get; }

    /// <summary>The fields that the composer put outside (HP-Outer), with the values they have there. Empty where the value is clear.</summary>
    public HeaderSection Outer { get; }

    /// <summary>
    /// Whether a protected field was kept from everybody but the recipients, as far as the composer did: removed outside, or obscured
    /// (section 4.3.1). Only true of a message that really came encrypted.
    /// </summary>
    public bool IsConfidential(HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return Value == HeaderProtectionValue.Cipher && !Outer.FindAll(field.Name).Any(outer => outer.Body == field.Body);
    }
}

/// <summary>What the composer of a protected header meant to do with the message: the hp parameter (RFC 9788 section 2.1.1).</summary>
public enum HeaderProtectionValue
{
    /// <summary>Sign it; the header outside is the same.</summary>
    Clear,

    /// <summary>Encrypt it; the header outside may say less.</summary>
    Cipher,
}
