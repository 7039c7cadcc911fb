using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Reading;
using SmimeGateway.Cms.Reading.Signatures;

namespace SmimeGateway.Cms;

/// <summary>One signature of a SignedData, with what its signer says about it (RFC 5652 section 5.3).</summary>
public sealed class SignerInfo
{
    private readonly SignedData _owner;
    private readonly SignerFields _fields;

    internal SignerInfo(SignedData owner, SignerFields fields)
    {
        _owner = owner;
        _fields = fields;
    }

    /// <summary>How the signer's certificate is named.</summary>
    public CertificateIdentifier Identifier => _fields.Identifier;

    /// <summary>The signer's certificate, or null if the object does not carry it.</summary>
    public X509Certificate2? Certificate => _owner.FindCertificate(Identifier);

    /// <summary>The digest's name, or its dotted form if it is not one that can be verified here.</summary>
    public string DigestName => _fields.Digest?.Name ?? _fields.DigestOid;

    /// <summary>Whether collisions of the digest have been made, so that the signature proves little.</summary>
    public bool IsDigestWeak => _fields.Digest?.IsWeak ?? false;

    /// <summary>The signature algorithm's name without the digest, or its dotted form if it is unknown here.</summary>
    public string SignatureAlgorithmName => _fields.Algorithm.Name;

    /// <summary>The time the signer claims, or null if there is none that can be read; trustworthy only as far as the signer is.</summary>
    public DateTimeOffset? SigningTime => Read(attributes => attributes.FindSigningTime());

    /// <summary>The capabilities the signer announces, or null if there are none that can be read.</summary>
    public SmimeCapabilities? Capabilities => Read(attributes =>
        attributes.FindValue(Oids.SmimeCapabilities) is { } value && SmimeCapabilities.TryRead(value, out var capabilities, out _)
            ? capabilities
            : null);

    /// <summary>The certificate to encrypt answers to, or null if the signer names none that can be read (RFC 8551 section 2.5.3).</summary>
    public CertificateIdentifier? EncryptionKeyPreference => Read(attributes =>
        attributes.FindValue(Oids.EncryptionKeyPreference) is { } value ? SignerFields.ReadEncryptionKeyPreference(value) : null);

    /// <summary>Verifies with the certificate that the object carries; null if the signature is good over the content.</summary>
    /// <param name="content">The content beside the object, or the object's own.</param>
    public CmsFault? Verify(in ReadOnlySequence<byte> content) => Verify(content, certificate: null);

    /// <summary>Verifies with a certificate that the caller found; null if the signature is good over the content.</summary>
    /// <param name="content">The content beside the object, or the object's own.</param>
    /// <param name="certificate">The certificate that <see cref="Identifier"/> names; null takes the object's own.</param>
    public CmsFault? Verify(in ReadOnlySequence<byte> content, X509Certificate2? certificate)
    {
        if (CheckContent(content, out var check) is { } contentFault)
        {
            return contentFault;
        }

        certificate ??= Certificate;
        if (certificate is null)
        {
            return new CmsFault(CmsFaultKind.SignerCertificateMissing, $"There is no certificate with {Identifier}.");
        }

        using var key = VerificationKey.Find(certificate, out var keyFault);
        return key is null ? keyFault : check!.CheckSignature(content, key, certificate.RawDataMemory.Span);
    }

    /// <summary>Verifies with a key that was taken from the certificate before.</summary>
    internal CmsFault? Verify(in ReadOnlySequence<byte> content, VerificationKey key, ReadOnlySpan<byte> certificate) =>
        CheckContent(content, out var check) ?? check!.CheckSignature(content, key, certificate);

    private CmsFault? CheckContent(in ReadOnlySequence<byte> content, out SignatureCheck? check)
    {
        check = null;
        // RFC 9882 section 3.3: without attributes, a signature of the message itself has nothing to do with the digest that is named.
        if ((_fields is { Attributes: null, Algorithm.IsPure: true } ? DigestAlgorithm.Sha512 : _fields.Digest) is not { } digest)
        {
            return new CmsFault(CmsFaultKind.UnsupportedAlgorithm, $"The digest {_fields.DigestOid} is not supported.");
        }

        if (_fields.Algorithm.Check(digest, _fields.Attributes is not null) is { } fault)
        {
            return fault;
        }

        if (_fields.HasMisplacedAttribute)
        {
            return new CmsFault(CmsFaultKind.AttributeInvalid, "An attribute that must be signed is among the unsigned ones.");
        }

        if (!_owner.IsContent(content))
        {
            return new CmsFault(
                CmsFaultKind.ContentMismatch, "The content inside the signature differs from the content beside it.");
        }

        check = new SignatureCheck(
            _owner.ContentType, digest, _fields.Algorithm, _fields.Attributes, _fields.Signature, _owner.Limits);
        return check.CheckContent(content);
    }

    private T? Read<T>(Func<SignedAttributes, T?> read)
    {
        try
        {
            return _fields.Attributes is { } attributes ? read(attributes) : default;
        }
        catch (Exception exception) when (exception is AsnContentException or CmsFaultException)
        {
            return default;
        }
    }
}
