using System.Security.Cryptography;

namespace SmimeGateway.Certificates.Dkim;

/// <summary>An RSA key (RFC 6376 section 3.3.1).</summary>
#pragma warning disable CA1001 // Messages under way go on with a key that was exchanged, so that nobody can tell when it is over.
internal sealed class RsaDkimKey : DkimKey
#pragma warning restore CA1001
{
    // What every verifier has to read (RFC 8301 section 3.2); what is shorter, none may.
    public const int MinBits = 1024;
    public const int MaxBits = 4096;

    private readonly RSA _key;

    public RsaDkimKey(RSA key)
    {
        _key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    public override string Algorithm => "rsa-sha256";

    public override string Kind => "rsa";

    public override int Bits => _key.KeySize;

    public override ReadOnlyMemory<byte> PublicKey { get; }

    public override byte[] Sign(ReadOnlySpan<byte> octets) => _key.SignData(octets.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public override bool Verify(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(octets, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
