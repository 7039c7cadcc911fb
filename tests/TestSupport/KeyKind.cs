namespace SmimeGateway.TestSupport;

/// <summary>The keys that certificates of tests have.</summary>
public enum KeyKind
{
    Rsa2048,
    Rsa3072,
    Rsa4096,
    EcP256,
    EcP384,
    EcP521,
}
