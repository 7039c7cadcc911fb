using System.Security.Cryptography;
using Curve = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace SmimeGateway.Certificates.Dkim;

/// <summary>An Ed25519 key (RFC 8463). The framework has none: the assembly with the curve is loaded when the first such key is read.</summary>
internal sealed class Ed25519DkimKey : DkimKey
{
    /// <summary>The length of the private half, and of the public one.</summary>
    public const int Length = 32;

    private readonly byte[] _seed;
    private readonly byte[] _publicKey = new byte[Length];

    public Ed25519DkimKey(ReadOnlySpan<byte> seed)
    {
        _seed = seed.ToArray();
        Curve.GeneratePublicKey(_seed, 0, _publicKey, 0);
    }

    public override string Algorithm => "ed25519-sha256";

    public override string Kind => "ed25519";

    public override int Bits => 256;

    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    public override byte[] Sign(ReadOnlySpan<byte> octets)
    {
        var signature = new byte[Curve.SignatureSize];
        Curve.Sign(_seed, 0, _publicKey, 0, SHA256.HashData(octets), 0, SHA256.HashSizeInBytes, signature, 0);
        return signature;
    }

    public override bool Verify(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature) =>
        signature.Length == Curve.SignatureSize
        && Curve.Verify(signature.ToArray(), 0, _publicKey, 0, SHA256.HashData(octets), 0, SHA256.HashSizeInBytes);
}
