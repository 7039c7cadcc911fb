namespace SmimeGateway.Cms;

/// <summary>How an encrypted object names the certificates it is for (RFC 5652 section 6.2.1).</summary>
public enum RecipientNaming
{
    /// <summary>By issuer and serial number.</summary>
    IssuerAndSerial,

    /// <summary>By subject key identifier; by issuer and serial number where the certificate has none.</summary>
    KeyIdentifier,
}
