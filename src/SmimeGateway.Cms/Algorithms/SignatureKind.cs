namespace SmimeGateway.Cms.Algorithms;

/// <summary>How a signature is computed from a digest.</summary>
internal enum SignatureKind
{
    Unknown,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Dsa,
}
