using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>What a sender says about an elliptic Diffie-Hellman agreement (RFC 5753 sections 3.1 and 7.2, RFC 8418).</summary>
internal sealed class KeyAgreement
{
    private const byte UncompressedPoint = 4;

    private static readonly Asn1Tag PublicKeyTag = new(TagClass.ContextSpecific, 1);

    private readonly DigestAlgorithm? _digest;
    private readonly ReadOnlyMemory<byte> _point;
    private readonly string? _curveOid;
    private readonly byte[]? _keyingMaterial;
    private readonly ReadOnlyMemory<byte> _wrapAlgorithm;
    private readonly bool _isHkdf;

    private KeyAgreement(
        string oid, Originator? originator, byte[]? keyingMaterial, string wrapOid, ReadOnlyMemory<byte> wrapAlgorithm)
    {
        (_digest, _isHkdf) = DerivationOf(oid);
        KeyOid = originator?.KeyOid ?? string.Empty;
        _point = originator?.Point ?? default;
        _curveOid = originator?.CurveOid;
        _keyingMaterial = keyingMaterial;
        _wrapAlgorithm = wrapAlgorithm;
        WrapOid = wrapOid;
        Name = _digest is null ? oid : $"{NameOf(KeyOid)} {(_isHkdf ? "HKDF " : string.Empty)}{_digest.Name}, {(wrapOid.Length == 0 ? "no key wrap" : KeyUnwrap.NameOf(wrapOid))}";
        var reason = originator is null
            ? "Key agreement with a sender's own certificate is not supported."
            : originator.KeyOid is not (Oids.EcPublicKey or Oids.X25519 or Oids.X448)
                ? $"Key agreement with keys of the algorithm {originator.KeyOid} is not supported."
                : _digest is null
                    ? $"The key agreement {oid} is not supported."
                    : wrapOid.Length == 0
                        ? $"The key agreement {oid} names no key wrap."
                        : KeyUnwrap.KeyLengthOf(wrapOid) == 0 ? $"The key wrap {wrapOid} is not supported." : null;
        Fault = reason is null ? null : new CmsFault(CmsFaultKind.UnsupportedAlgorithm, reason);
    }

    /// <summary>The algorithm of the keys that agree; empty where the sender's is not there.</summary>
    public string KeyOid { get; }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The algorithm that wraps the key of the content; empty where none is named.</summary>
    public string WrapOid { get; }

    /// <summary>Why it is not supported, or null.</summary>
    public CmsFault? Fault { get; }

    /// <summary>Whether the wrap is one that is read only when that is asked for.</summary>
    public bool IsWeak => WrapOid == Oids.TripleDesWrap;

    /// <summary>Reads originator, keying material and algorithm of a KeyAgreeRecipientInfo.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static KeyAgreement Read(AsnReader recipient)
    {
        // The version is always 3.
        recipient.ReadIntegerBytes();
        var originator = ReadOriginator(recipient.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)));
        var materialTag = new Asn1Tag(TagClass.ContextSpecific, 1);
        var material = recipient.PeekTag().HasSameClassAndValue(materialTag)
            ? recipient.ReadSequence(materialTag).ReadOctetString()
            : null;
        var algorithm = recipient.ReadSequence();
        var oid = algorithm.ReadObjectIdentifier();
        if (!algorithm.HasData || !algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return new KeyAgreement(oid, originator, material, string.Empty, default);
        }

        var wrap = algorithm.ReadEncodedValue();
        var wrapOid = new AsnReader(wrap, AsnEncodingRules.BER).ReadSequence().ReadObjectIdentifier();
        return new KeyAgreement(oid, originator, material, wrapOid, wrap);
    }

    /// <summary>The key that wraps the content's key; null if the sender's key is none of the same curve.</summary>
    /// <exception cref="CryptographicException">The point is not on the curve, or the key cannot be used.</exception>
    public byte[]? FindWrappingKey(CmsIdentity own)
    {
        var secret = KeyOid == Oids.EcPublicKey ? FindEllipticSecret(own.Certificate) : ComputeMontgomerySecret(own);
        if (secret is null)
        {
            return null;
        }

        var key = Derive(secret);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private byte[]? FindEllipticSecret(X509Certificate2 certificate)
    {
        using var own = certificate.GetECDiffieHellmanPrivateKey();
        if (own is null)
        {
            return null;
        }

        var parameters = own.ExportParameters(includePrivateParameters: false);
        var length = parameters.Q.X!.Length;
        var point = _point.Span;
        if (point.Length != 1 + (2 * length) || point[0] != UncompressedPoint
            || (_curveOid is not null && parameters.Curve.IsNamed && parameters.Curve.Oid.Value is { } oid && oid != _curveOid))
        {
            return null;
        }

        parameters.Q = new ECPoint { X = point.Slice(1, length).ToArray(), Y = point[(1 + length)..].ToArray() };
        using var theirs = ECDiffieHellman.Create(parameters);
        return own.DeriveRawSecretAgreement(theirs.PublicKey);
    }

    private byte[] ComputeMontgomerySecret(CmsIdentity own)
    {
        var curve = MontgomeryCurve.Get(KeyOid);
        var key = PrivateKeyFields.ReadCurveKey(own.DetachedKey, curve.Oid, curve.KeyLength);
        var secret = curve.Agree(key, _point.ToArray());
        CryptographicOperations.ZeroMemory(key);
        return secret;
    }

    // The derivation of ANSI X9.63 (RFC 5753 section 7.2, SEC 1 section 3.6.1): digests of secret, counter and what both sides know.
    private byte[] Derive(byte[] secret)
    {
        var key = new byte[KeyUnwrap.KeyLengthOf(WrapOid)];

        // Whether the wrap has NULL parameters or none differs among producers, so its bytes are taken as they were sent.
        var shared = SharedInformation.Encode(_wrapAlgorithm.Span, _keyingMaterial, key.Length);
        if (_isHkdf)
        {
            // RFC 8418 section 2.2: the keying material is the salt as well.
            HKDF.DeriveKey(_digest!.Hash, secret, key, _keyingMaterial, shared);
            return key;
        }

        Span<byte> counter = stackalloc byte[sizeof(uint)];
        Span<byte> block = stackalloc byte[DigestAlgorithm.MaxLength];
        using var digest = IncrementalHash.CreateHash(_digest!.Hash);
        for (var (at, count) = (0, 1u); at < key.Length; at += _digest.Length, count++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, count);
            digest.AppendData(secret);
            digest.AppendData(counter);
            digest.AppendData(shared);
            digest.GetHashAndReset(block);
            block[..Math.Min(_digest.Length, key.Length - at)].CopyTo(key.AsSpan(at));
        }

        CryptographicOperations.ZeroMemory(block);
        return key;
    }

    private static Originator? ReadOriginator(AsnReader choice)
    {
        if (!choice.PeekTag().HasSameClassAndValue(PublicKeyTag))
        {
            return null;
        }

        var key = choice.ReadSequence(PublicKeyTag);
        var algorithm = key.ReadSequence();
        var oid = algorithm.ReadObjectIdentifier();
        var curveOid = algorithm.HasData && algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier)
            ? algorithm.ReadObjectIdentifier()
            : null;
        return new Originator(oid, curveOid, key.ReadBitString(out _));
    }

    // On curves of cofactor 1, which the three of NIST are, both ways to agree are the same (RFC 5753 section 7.1.4).
    private static (DigestAlgorithm? Digest, bool IsHkdf) DerivationOf(string oid) => oid switch
    {
        Oids.StdDhSha1Kdf or Oids.CofactorDhSha1Kdf => (DigestAlgorithm.Sha1, false),
        Oids.StdDhSha256Kdf or Oids.CofactorDhSha256Kdf => (DigestAlgorithm.Sha256, false),
        Oids.StdDhSha384Kdf or Oids.CofactorDhSha384Kdf => (DigestAlgorithm.Sha384, false),
        Oids.StdDhSha512Kdf or Oids.CofactorDhSha512Kdf => (DigestAlgorithm.Sha512, false),
        Oids.StdDhHkdfSha256 => (DigestAlgorithm.Sha256, true),
        Oids.StdDhHkdfSha384 => (DigestAlgorithm.Sha384, true),
        Oids.StdDhHkdfSha512 => (DigestAlgorithm.Sha512, true),
        _ => (null, false),
    };

    private static string NameOf(string keyOid) => keyOid switch
    {
        Oids.X25519 => "X25519",
        Oids.X448 => "X448",
        _ => "ECDH",
    };

    private sealed record Originator(string KeyOid, string? CurveOid, ReadOnlyMemory<byte> Point);
}
