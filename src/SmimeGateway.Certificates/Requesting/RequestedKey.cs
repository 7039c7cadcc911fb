using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SmimeGateway.Certificates.Requesting;

/// <summary>The kind of key a certificate is requested for, as it is written: <c>rsa:3072</c>, <c>ecdsa:p256</c>.</summary>
/// <param name="Text">The kind as written.</param>
public sealed record RequestedKey(string Text)
{
    private static readonly Dictionary<string, Func<AsymmetricAlgorithm>> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["rsa:2048"] = () => RSA.Create(2048),
        ["rsa:3072"] = () => RSA.Create(3072),
        ["rsa:4096"] = () => RSA.Create(4096),
        ["ecdsa:p256"] = () => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        ["ecdsa:p384"] = () => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        ["ecdsa:p521"] = () => ECDsa.Create(ECCurve.NamedCurves.nistP521),
    };

    /// <summary>All kinds there are.</summary>
    public static IEnumerable<string> Known => Kinds.Keys;

    /// <summary>Reads a kind.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RequestedKey? key)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = Kinds.ContainsKey(text) ? new RequestedKey(text) : null;
        return key is not null;
    }

    /// <summary>Makes a key of the kind.</summary>
    internal AsymmetricAlgorithm Generate() => Kinds[Text]();
}
