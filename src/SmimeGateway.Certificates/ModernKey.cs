namespace SmimeGateway.Certificates;

/// <summary>A kind of key that the framework has no type for. Its algorithm identifiers have no parameters.</summary>
/// <param name="Oid">Its object identifier.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="PublicLength">The octets of its public keys.</param>
/// <param name="Uses">What it can do.</param>
/// <param name="Rarity">How few programs read its signatures: 0 where all do.</param>
internal sealed record ModernKey(string Oid, string Name, int PublicLength, KeyUses Uses, int Rarity = 1)
{
    private const int SeedLength = 32;

    private static readonly Dictionary<string, ModernKey> All = new ModernKey[]
    {
        // RFC 8410 section 3.
        new("1.3.101.110", "X25519", 32, KeyUses.Agreement),
        new("1.3.101.111", "X448", 56, KeyUses.Agreement),
        new("1.3.101.112", "Ed25519", 32, KeyUses.Signing),
        new("1.3.101.113", "Ed448", 57, KeyUses.Signing),

        // RFC 9881 section 2 with FIPS 204 table 2, RFC 9935 section 3 with FIPS 203 table 3.
        new("2.16.840.1.101.3.4.3.17", "ML-DSA-44", 1312, KeyUses.Signing, Rarity: 2),
        new("2.16.840.1.101.3.4.3.18", "ML-DSA-65", 1952, KeyUses.Signing, Rarity: 2),
        new("2.16.840.1.101.3.4.3.19", "ML-DSA-87", 2592, KeyUses.Signing, Rarity: 2),
        new("2.16.840.1.101.3.4.4.1", "ML-KEM-512", 800, KeyUses.Transport),
        new("2.16.840.1.101.3.4.4.2", "ML-KEM-768", 1184, KeyUses.Transport),
        new("2.16.840.1.101.3.4.4.3", "ML-KEM-1024", 1568, KeyUses.Transport),
    }.ToDictionary(key => key.Oid, StringComparer.Ordinal);

    /// <summary>Whether OpenSSL 3.0, which follows paths for the framework, can read keys of the kind: it refuses every path to one that it cannot.</summary>
    public bool HasPaths => Oid.StartsWith("1.3.101.", StringComparison.Ordinal);

    /// <summary>Whether no quantum computer is known to break it.</summary>
    public bool IsPostQuantum => Oid.StartsWith("2.16.840.1.101.3.4.", StringComparison.Ordinal);

    /// <summary>The part of a public key that depends on the private one; that of a lattice follows or precedes the seed of a matrix.</summary>
    public ReadOnlySpan<byte> SecretPart(ReadOnlySpan<byte> key) =>
        !IsPostQuantum ? key : Uses == KeyUses.Signing ? key[SeedLength..] : key[..^SeedLength];

    /// <summary>The kind with this object identifier, or null.</summary>
    public static ModernKey? Find(string oid) => All.GetValueOrDefault(oid);
}
