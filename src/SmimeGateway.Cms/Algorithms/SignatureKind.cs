namespace SmimeGateway.Cms.Algorithms;

/// <summary>How a signature is computed from a digest, or from the message itself.</summary>
internal enum SignatureKind
{
    Unknown,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Dsa,
    EdDsa,
    MlDsa,
}
