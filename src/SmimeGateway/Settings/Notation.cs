namespace SmimeGateway.Settings;

/// <summary>How a text value is written in the configuration, and therefore what it is checked for.</summary>
public enum Notation
{
    /// <summary>Any text that is not empty.</summary>
    Text,

    /// <summary>A short label that the log and other keys refer to.</summary>
    Name,

    /// <summary>A mail address without wildcards.</summary>
    Address,

    /// <summary>A mail address in which <c>*</c> and <c>?</c> are wildcards.</summary>
    AddressPattern,

    /// <summary>An address pattern, or <c>&lt;&gt;</c> for the null sender.</summary>
    SenderPattern,

    /// <summary>Any text in which <c>*</c> and <c>?</c> are wildcards.</summary>
    Wildcard,

    /// <summary>A host name.</summary>
    HostName,

    /// <summary>The SHA-1 fingerprint of a certificate: 40 hexadecimal digits; colons and blanks between them do not count.</summary>
    Thumbprint,

    /// <summary>The SHA-256 fingerprint of a certificate: 64 hexadecimal digits; colons and blanks between them do not count.</summary>
    Fingerprint,

    /// <summary>An https address; http for this machine alone.</summary>
    HttpsAddress,

    /// <summary>A proxy: <c>socks5://user@host:port</c> or <c>http://user@host:port</c>; its user can be left out.</summary>
    ProxyAddress,

    /// <summary>The name of an environment variable.</summary>
    VariableName,

    /// <summary>A file or folder the gateway reads; relative paths start at the folder of the configuration file.</summary>
    ReadPath,

    /// <summary>A file or folder the gateway writes; relative paths start at <c>dataFolder</c>.</summary>
    WrittenPath,
}

/// <summary>Says how the text of an option is written; options without it are plain text.</summary>
/// <param name="notation">The way it is written.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotationAttribute(Notation notation) : Attribute
{
    /// <summary>The way the option is written.</summary>
    public Notation Notation { get; } = notation;
}
