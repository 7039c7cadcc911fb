using System.Formats.Asn1;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>The signature algorithm a signer names.</summary>
/// <param name="Oid">Its object identifier.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="DigestOid">The digest it implies, or null where it takes the signer's.</param>
/// <param name="Pss">The parameters of RSA-PSS.</param>
internal sealed record SignatureAlgorithm(string Oid, SignatureKind Kind, string? DigestOid, PssParameters? Pss = null)
{
    /// <summary>Its name for people, without the digest.</summary>
    public string Name => Kind switch
    {
        SignatureKind.RsaPkcs1 => "RSA PKCS#1 v1.5",
        SignatureKind.RsaPss => "RSA-PSS",
        SignatureKind.Ecdsa => "ECDSA",
        SignatureKind.Dsa => "DSA",
        SignatureKind.EdDsa => Oid == Oids.Ed25519 ? "Ed25519" : "Ed448",
        SignatureKind.MlDsa => MlDsa.NameOf(Oid),
        SignatureKind.Unknown => Oid,
    };

    /// <summary>Whether the message itself is signed, so that its digest matters only within signed attributes.</summary>
    public bool IsPure => Kind is SignatureKind.EdDsa or SignatureKind.MlDsa;

    /// <summary>Reads an algorithm identifier; an unknown one has the kind <see cref="SignatureKind.Unknown"/>.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static SignatureAlgorithm Read(ReadOnlyMemory<byte> encoded)
    {
        var identifier = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
        var oid = identifier.ReadObjectIdentifier();
        if (oid != Oids.RsaPss)
        {
            var (kind, digestOid) = Classify(oid);

            // RFC 8419 section 2.2 and RFC 9882 section 3: there are no parameters, not even NULL.
            if (kind is SignatureKind.EdDsa or SignatureKind.MlDsa && identifier.HasData)
            {
                (kind, digestOid) = (SignatureKind.Unknown, null);
            }

            return new SignatureAlgorithm(oid, kind, digestOid);
        }

        // RFC 4055 section 3.1: in a signature the parameters are required.
        return identifier.HasData && PssParameters.TryRead(identifier.ReadEncodedValue(), out var pss)
            ? new SignatureAlgorithm(oid, SignatureKind.RsaPss, pss.DigestOid, pss)
            : new SignatureAlgorithm(oid, SignatureKind.Unknown, null);
    }

    /// <summary>Whether this algorithm can be verified together with the signer's digest; null if it can.</summary>
    /// <param name="digest">The digest.</param>
    /// <param name="isDigestSigned">Whether it is that of the content in signed attributes.</param>
    public CmsFault? Check(DigestAlgorithm digest, bool isDigestSigned)
    {
        if (Kind == SignatureKind.Unknown)
        {
            return new CmsFault(CmsFaultKind.UnsupportedAlgorithm, $"The signature algorithm {Oid} is not supported.");
        }

        if (IsPure && !isDigestSigned)
        {
            return null;
        }

        if (DigestOid is not null ? !digest.IsNamed(DigestOid) : Kind is SignatureKind.RsaPkcs1 && digest.IsExtendable)
        {
            return new CmsFault(
                CmsFaultKind.AlgorithmMismatch, $"The signature algorithm {Oid} does not go with the digest {digest.Name}.");
        }

        if (Kind == SignatureKind.MlDsa && (digest.IsWeak || digest.Length < MlDsa.MinDigestLengthOf(Oid)))
        {
            return new CmsFault(CmsFaultKind.AlgorithmMismatch, $"The digest {digest.Name} is weaker than {Name}.");
        }

        return Pss is null || Pss.AreOrdinaryFor(digest) || (RareRsa.Knows(digest) && RareRsa.Knows(Pss.MaskDigest) && Pss.SaltLength >= 0)
            ? null
            : new CmsFault(CmsFaultKind.UnsupportedAlgorithm, "RSA-PSS with a digest that is not supported, or a salt that is none.");
    }

    /// <summary>The DER of an algorithm identifier without parameters.</summary>
    public static byte[] EncodeBare(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }

        return writer.Encode();
    }

    private static (SignatureKind Kind, string? DigestOid) Classify(string oid) => oid switch
    {
        Oids.RsaEncryption => (SignatureKind.RsaPkcs1, null),
        Oids.Md5WithRsa => (SignatureKind.RsaPkcs1, Oids.Md5),
        Oids.Sha1WithRsa or Oids.OiwSha1WithRsa => (SignatureKind.RsaPkcs1, Oids.Sha1),
        Oids.Sha256WithRsa => (SignatureKind.RsaPkcs1, Oids.Sha256),
        Oids.Sha384WithRsa => (SignatureKind.RsaPkcs1, Oids.Sha384),
        Oids.Sha512WithRsa => (SignatureKind.RsaPkcs1, Oids.Sha512),

        // RFC 8419 section 2.3: no other digest goes with them.
        Oids.Ed25519 => (SignatureKind.EdDsa, Oids.Sha512),
        Oids.Ed448 => (SignatureKind.EdDsa, Oids.Shake256Len),

        Oids.MlDsa44 or Oids.MlDsa65 or Oids.MlDsa87 => (SignatureKind.MlDsa, null),

        // Some producers name the key here instead of the signature.
        Oids.EcPublicKey => (SignatureKind.Ecdsa, null),
        Oids.EcdsaWithSha1 => (SignatureKind.Ecdsa, Oids.Sha1),
        Oids.EcdsaWithSha256 => (SignatureKind.Ecdsa, Oids.Sha256),
        Oids.EcdsaWithSha384 => (SignatureKind.Ecdsa, Oids.Sha384),
        Oids.EcdsaWithSha512 => (SignatureKind.Ecdsa, Oids.Sha512),
        Oids.Dsa => (SignatureKind.Dsa, null),
        Oids.DsaWithSha1 or Oids.OiwDsaWithSha1 => (SignatureKind.Dsa, Oids.Sha1),
        Oids.DsaWithSha256 => (SignatureKind.Dsa, Oids.Sha256),
        _ => (SignatureKind.Unknown, null),
    };
}
