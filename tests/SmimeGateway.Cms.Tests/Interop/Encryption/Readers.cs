using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>Those who read what is encrypted: two for each kind of key.</summary>
public static class Readers
{
    /// <summary>The kinds of keys; the length of an RSA key makes no difference to any of the programs.</summary>
    public static IReadOnlyList<KeyKind> Kinds { get; } = [KeyKind.Rsa2048, KeyKind.EcP256, KeyKind.EcP384, KeyKind.EcP521];

    /// <summary>The first reader with a key of that kind.</summary>
    public static X509Certificate2 Alice(KeyKind kind) => Pairs[kind].Alice;

    /// <summary>The second reader with a key of that kind.</summary>
    public static X509Certificate2 Bob(KeyKind kind) => Pairs[kind].Bob;

    /// <summary>All readers with the names of their key files.</summary>
    public static IEnumerable<(string Name, X509Certificate2 Certificate)> All =>
        Pairs.Values.SelectMany(pair => new[] { pair.Alice, pair.Bob }).Select(certificate => (NameOf(certificate), certificate));

    /// <summary>The name of a reader's key files.</summary>
    public static string NameOf(X509Certificate2 reader) => reader.Thumbprint;

    private static Dictionary<KeyKind, (X509Certificate2 Alice, X509Certificate2 Bob)> Pairs { get; } = Kinds.ToDictionary(
        kind => kind,
        kind => (
            TestPki.Issue($"alice.{kind}@example.com", kind, TestUsage.SigningAndEncryption, keyOwner: "alice who reads"),
            TestPki.Issue($"bob.{kind}@example.com", kind, TestUsage.EncryptionOnly, keyOwner: "bob who reads")));
}
