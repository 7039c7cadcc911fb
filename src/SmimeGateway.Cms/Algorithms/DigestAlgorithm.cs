using System.Buffers;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>A message digest under all the names it goes by.</summary>
/// <param name="Oid">Its object identifier.</param>
/// <param name="Hash">Its name in the framework.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="MicAlg">Its name in <c>multipart/signed</c> (RFC 8551 section 3.4.3.2).</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsWeak">Whether collisions have been made.</param>
internal sealed record DigestAlgorithm(string Oid, HashAlgorithmName Hash, string Name, string MicAlg, int Length, bool IsWeak)
{
    /// <summary>The length of the longest digest here.</summary>
    public const int MaxLength = 64;

    public static readonly DigestAlgorithm Sha1 = new(Oids.Sha1, HashAlgorithmName.SHA1, "SHA-1", "sha-1", 20, IsWeak: true);
    public static readonly DigestAlgorithm Sha256 = new(Oids.Sha256, HashAlgorithmName.SHA256, "SHA-256", "sha-256", 32, IsWeak: false);
    public static readonly DigestAlgorithm Sha384 = new(Oids.Sha384, HashAlgorithmName.SHA384, "SHA-384", "sha-384", 48, IsWeak: false);
    public static readonly DigestAlgorithm Sha512 = new(Oids.Sha512, HashAlgorithmName.SHA512, "SHA-512", "sha-512", 64, IsWeak: false);
    public static readonly DigestAlgorithm Md5 = new(Oids.Md5, HashAlgorithmName.MD5, "MD5", "md5", 16, IsWeak: true);

    /// <summary>The digest of this object identifier, or null if it is not one that can be computed here.</summary>
    public static DigestAlgorithm? FindByOid(string oid) => oid switch
    {
        Oids.Sha256 => Sha256,
        Oids.Sha384 => Sha384,
        Oids.Sha512 => Sha512,
        Oids.Sha1 => Sha1,
        Oids.Md5 => Md5,
        _ => null,
    };

    /// <summary>The digest to sign with; throws for one that must not be signed with.</summary>
    public static DigestAlgorithm GetForSigning(HashAlgorithmName name) => name.Name switch
    {
        "SHA256" => Sha256,
        "SHA384" => Sha384,
        "SHA512" => Sha512,
        "SHA1" => Sha1,
        _ => throw new ArgumentException($"{name.Name} is not a digest to sign with.", nameof(name)),
    };

    /// <summary>Digests the bytes into the start of the destination and returns that part of it.</summary>
    public ReadOnlySpan<byte> Compute(scoped ReadOnlySpan<byte> bytes, Span<byte> destination) =>
        destination[..CryptographicOperations.HashData(Hash, bytes, destination)];

    /// <summary>Digests all pieces in order, without joining them.</summary>
    public ReadOnlySpan<byte> Compute(in ReadOnlySequence<byte> pieces, Span<byte> destination)
    {
        if (pieces.IsSingleSegment)
        {
            return Compute(pieces.FirstSpan, destination);
        }

        using var digest = IncrementalHash.CreateHash(Hash);
        foreach (var piece in pieces)
        {
            digest.AppendData(piece.Span);
        }

        return destination[..digest.GetHashAndReset(destination)];
    }
}
