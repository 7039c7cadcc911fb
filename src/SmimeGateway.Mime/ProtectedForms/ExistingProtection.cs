namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>The protection that a message already carries when it arrives.</summary>
public enum ExistingProtection
{
    /// <summary>None that is recognised.</summary>
    None,

    /// <summary>S/MIME multipart/signed (RFC 8551 section 3.5.3).</summary>
    ClearSigned,

    /// <summary>S/MIME application/pkcs7-mime with signed-data (RFC 8551 section 3.5.2).</summary>
    OpaqueSigned,

    /// <summary>S/MIME enveloped-data (RFC 8551 section 3.3).</summary>
    Enveloped,

    /// <summary>S/MIME authEnveloped-data (RFC 8551 section 3.4).</summary>
    AuthEnveloped,

    /// <summary>S/MIME compressed-data (RFC 8551 section 3.6).</summary>
    Compressed,

    /// <summary>S/MIME certs-only (RFC 8551 section 3.8).</summary>
    CertificatesOnly,

    /// <summary>S/MIME of a kind that neither a parameter nor the content tells.</summary>
    UnknownSmime,

    /// <summary>PGP/MIME signed (RFC 3156 section 5).</summary>
    PgpSigned,

    /// <summary>PGP/MIME encrypted (RFC 3156 section 4).</summary>
    PgpEncrypted,

    /// <summary>OpenPGP armour in the text itself (RFC 9580 section 6.2).</summary>
    PgpInline,
}
