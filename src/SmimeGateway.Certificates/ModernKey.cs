namespace SmimeGateway.Certificates;

/// <summary>A kind of key that the framework has no type for. Its algorithm identifiers have no parameters.</summary>
/// <param name="Oid">Its object identifier.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="PublicLength">The octets of its public keys.</param>
/// <param name="Uses">What it can do.</param>
internal sealed record ModernKey(string Oid, string Name, int PublicLength, KeyUses Uses)
{
    private static readonly Dictionary<string, ModernKey> All = new ModernKey[]
    {
        new("1.3.101.110", "X25519", 32, KeyUses.Agreement),
        new("1.3.101.111", "X448", 56, KeyUses.Agreement),
        new("1.3.101.112", "Ed25519", 32, KeyUses.Signing),
        new("1.3.101.113", "Ed448", 57, KeyUses.Signing),
    }.ToDictionary(key => key.Oid, StringComparer.Ordinal);

    /// <summary>The kind with this object identifier, or null.</summary>
    public static ModernKey? Find(string oid) => All.GetValueOrDefault(oid);
}
