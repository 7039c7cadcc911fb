using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>A message digest under all the names it goes by.</summary>
/// <param name="Oid">Its object identifier.</param>
/// <param name="Hash">Its name in the framework; none for one of extendable output, which has a type of its own there.</param>
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

    // With 512 bits of output, under its two identifiers: Ed448 wants the one with the length (RFC 8419 section 3.1), ML-DSA the other
    // (RFC 9882 section 3.3).
    public static readonly DigestAlgorithm Shake256 = new(Oids.Shake256, default, "SHAKE256", "shake256", 64, IsWeak: false);
    public static readonly DigestAlgorithm Shake256Len = Shake256 with { Oid = Oids.Shake256Len };

    private const int BitsPerOctet = 8;

    private static readonly DigestAlgorithm Sha3With256 = new(Oids.Sha3With256, HashAlgorithmName.SHA3_256, "SHA3-256", "sha3-256", 32, IsWeak: false);
    private static readonly DigestAlgorithm Sha3With384 = new(Oids.Sha3With384, HashAlgorithmName.SHA3_384, "SHA3-384", "sha3-384", 48, IsWeak: false);
    private static readonly DigestAlgorithm Sha3With512 = new(Oids.Sha3With512, HashAlgorithmName.SHA3_512, "SHA3-512", "sha3-512", 64, IsWeak: false);

    /// <summary>Whether the output may be of any length, and is told with the identifier or agreed upon otherwise.</summary>
    public bool IsExtendable => Hash.Name is null;

    /// <summary>The digest of this object identifier, or null if it is not one that can be computed here.</summary>
    public static DigestAlgorithm? FindByOid(string oid) => oid switch
    {
        Oids.Sha256 => Sha256,
        Oids.Sha384 => Sha384,
        Oids.Sha512 => Sha512,
        Oids.Sha1 => Sha1,
        Oids.Md5 => Md5,
        Oids.Sha3With256 when SHA3_256.IsSupported => Sha3With256,
        Oids.Sha3With384 when SHA3_384.IsSupported => Sha3With384,
        Oids.Sha3With512 when SHA3_512.IsSupported => Sha3With512,
        Oids.Shake256 when System.Security.Cryptography.Shake256.IsSupported => Shake256,
        _ => null,
    };

    /// <summary>The digest that an algorithm identifier names, or null if it is not one that can be computed here.</summary>
    /// <param name="identifier">The fields of the identifier.</param>
    /// <param name="oid">Its object identifier.</param>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static DigestAlgorithm? Read(AsnReader identifier, out string oid)
    {
        oid = identifier.ReadObjectIdentifier();
        return oid != Oids.Shake256Len ? FindByOid(oid)
            : identifier.HasData && identifier.TryReadInt32(out var bits) && bits == MaxLength * BitsPerOctet
                && System.Security.Cryptography.Shake256.IsSupported ? Shake256Len
            : null;
    }

    /// <summary>Whether this is the digest that an object identifier names, under whichever of its names.</summary>
    public bool IsNamed(string oid) => oid == Oid || (IsExtendable && oid is Oids.Shake256 or Oids.Shake256Len);

    /// <summary>The digest to sign with; throws for one that must not be signed with.</summary>
    public static DigestAlgorithm GetForSigning(HashAlgorithmName name) => name.Name switch
    {
        "SHA256" => Sha256,
        "SHA384" => Sha384,
        "SHA512" => Sha512,
        "SHA1" => Sha1,
        _ => throw new ArgumentException($"{name.Name} is not a digest to sign with.", nameof(name)),
    };

    /// <summary>Writes its algorithm identifier. Parameters are absent (RFC 5754 section 2), but where they tell the length.</summary>
    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oid);
            if (Oid == Oids.Shake256Len)
            {
                writer.WriteInteger(Length * BitsPerOctet);
            }
        }
    }

    /// <summary>Digests the bytes into the start of the destination and returns that part of it.</summary>
    public ReadOnlySpan<byte> Compute(scoped ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        if (!IsExtendable)
        {
            return destination[..CryptographicOperations.HashData(Hash, bytes, destination)];
        }

        System.Security.Cryptography.Shake256.HashData(bytes, destination[..Length]);
        return destination[..Length];
    }

    /// <summary>Digests all pieces in order, without joining them.</summary>
    public ReadOnlySpan<byte> Compute(in ReadOnlySequence<byte> pieces, Span<byte> destination)
    {
        if (pieces.IsSingleSegment)
        {
            return Compute(pieces.FirstSpan, destination);
        }

        if (IsExtendable)
        {
            return ComputeExtendable(pieces, destination[..Length]);
        }

        using var digest = IncrementalHash.CreateHash(Hash);
        foreach (var piece in pieces)
        {
            digest.AppendData(piece.Span);
        }

        return destination[..digest.GetHashAndReset(destination)];
    }

    private static Span<byte> ComputeExtendable(in ReadOnlySequence<byte> pieces, Span<byte> destination)
    {
        using var digest = new System.Security.Cryptography.Shake256();
        foreach (var piece in pieces)
        {
            digest.AppendData(piece.Span);
        }

        digest.GetHashAndReset(destination);
        return destination;
    }
}
