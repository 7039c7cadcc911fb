namespace SmimeGateway.Smtp.Client;

/// <summary>The mechanisms of AUTH that the client knows.</summary>
[Flags]
public enum SaslMechanisms
{
    /// <summary>No mechanism, or none that is known.</summary>
    None = 0,

    /// <summary>PLAIN (RFC 4616).</summary>
    Plain = 1,

    /// <summary>LOGIN, which no RFC describes.</summary>
    Login = 2,

    /// <summary>SCRAM-SHA-256 (RFC 7677).</summary>
    ScramSha256 = 4,

    /// <summary>XOAUTH2.</summary>
    XOAuth2 = 8,

    /// <summary>NTLM.</summary>
    Ntlm = 16,

    /// <summary>GSSAPI (RFC 4752), that is Kerberos.</summary>
    Gssapi = 32,
}
