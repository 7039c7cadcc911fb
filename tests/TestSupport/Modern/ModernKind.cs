namespace SmimeGateway.TestSupport.Modern;

/// <summary>The kinds of keys that the framework has none of.</summary>
public enum ModernKind
{
    Ed25519,
    Ed448,
    X25519,
    X448,
    MlDsa44,
    MlDsa65,
    MlDsa87,
    MlKem512,
    MlKem768,
    MlKem1024,
}
