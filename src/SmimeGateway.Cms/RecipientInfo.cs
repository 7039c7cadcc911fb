namespace SmimeGateway.Cms;

/// <summary>One recipient that an encrypted object names (RFC 5652 section 6.2).</summary>
/// <param name="Identifier">The certificate meant; null for a key that was agreed upon otherwise, and for a password.</param>
/// <param name="AlgorithmName">How the key is encrypted, such as <c>RSA</c>, <c>RSA-OAEP SHA-256</c> or <c>ECDH SHA-256, AES-256 key wrap</c>.</param>
public sealed record RecipientInfo(CertificateIdentifier? Identifier, string AlgorithmName);
