using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SmimeGateway.TestSupport;

/// <summary>Private keys, each made once in a test run: an RSA key of 4096 bits takes a second.</summary>
public static class TestKeys
{
    private static readonly ConcurrentDictionary<(KeyKind Kind, string Owner), Lazy<AsymmetricAlgorithm>> Keys = new();

    /// <summary>The key of that kind that most certificates share.</summary>
    public static AsymmetricAlgorithm Get(KeyKind kind) => Get(kind, "");

    /// <summary>A key of that kind that belongs to one owner.</summary>
    public static AsymmetricAlgorithm Get(KeyKind kind, string owner)
        => Keys.GetOrAdd((kind, owner), static key => new Lazy<AsymmetricAlgorithm>(() => Make(key.Kind))).Value;

    /// <summary>True for the kinds that can take part in a key agreement, but not transport a key.</summary>
    public static bool IsElliptic(KeyKind kind) => kind is KeyKind.EcP256 or KeyKind.EcP384 or KeyKind.EcP521;

    private static AsymmetricAlgorithm Make(KeyKind kind) => kind switch
    {
        KeyKind.Rsa2048 => RSA.Create(2048),
        KeyKind.Rsa3072 => RSA.Create(3072),
        KeyKind.Rsa4096 => RSA.Create(4096),
        KeyKind.EcP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyKind.EcP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyKind.EcP521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
