using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>One signature of a SignedData (RFC 5652 section 5.3): a key, and all that its SignerInfo says in every message, encoded once.</summary>
internal sealed class SignerInfoAssembly : IDisposable
{
    private const byte SequenceTag = 0x30;
    private const byte OctetStringTag = 0x04;
    private const byte Context0Tag = 0xA0;

    private readonly SigningKey _key;
    private readonly byte[] _head;
    private readonly SignedAttributesTemplate _utcAttributes;
    private readonly SignedAttributesTemplate _generalizedAttributes;

    /// <summary>Takes a key, which it disposes of.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="attributes">The signed attributes that are the same in every message.</param>
    public SignerInfoAssembly(X509Certificate2 certificate, SigningKey key, IReadOnlyList<byte[]> attributes)
    {
        _key = key;
        (_utcAttributes, _generalizedAttributes) = SignedAttributesTemplate.Create(attributes, key.Digest.Length);

        // Version 1, as the signer is named by issuer and serial number.
        var head = new AsnWriter(AsnEncodingRules.DER);
        head.WriteInteger(1);
        head.WriteEncodedValue(CertificateAttributes.EncodeIssuerAndSerial(certificate));
        key.Digest.Write(head);
        _head = head.Encode();
    }

    /// <summary>The digest of the content.</summary>
    public DigestAlgorithm Digest => _key.Digest;

    /// <summary>The name of the signature algorithm, for people.</summary>
    public string AlgorithmName => SignatureAlgorithm.Read(_key.AlgorithmIdentifier).Name;

    /// <summary>Why the key cannot make signatures of the asked kind at all, in a sentence, or null.</summary>
    public string? FindUnfitness() => _key.FindUnfitness();

    /// <summary>Signs; returns the SignerInfo in DER.</summary>
    public byte[] Sign(in ReadOnlySequence<byte> content, DateTimeOffset signingTime)
    {
        var template = SignedAttributesTemplate.IsUtcTime(signingTime) ? _utcAttributes : _generalizedAttributes;
        var attributes = new byte[template.Length];
        Span<byte> digest = stackalloc byte[DigestAlgorithm.MaxLength];
        template.Fill(attributes, _key.Digest.Compute(content, digest), signingTime);
        Span<byte> signature = stackalloc byte[_key.MaxSignatureLength];
        signature = signature[.._key.Sign(attributes, signature)];

        var length = _head.Length + attributes.Length + _key.AlgorithmIdentifier.Length + DerCursor.Sized(signature.Length);
        var encoded = new byte[DerCursor.Sized(length)];
        var cursor = new DerCursor(encoded);
        cursor.WriteHeader(SequenceTag, length);
        cursor.Write(_head);

        // The set is signed under its own tag and sent under the field's (RFC 5652 section 5.4).
        cursor.WriteRetagged(Context0Tag, attributes);
        cursor.Write(_key.AlgorithmIdentifier);
        cursor.WriteHeader(OctetStringTag, signature.Length);
        cursor.Write(signature);
        return encoded;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
