using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Reading.Signatures;
using SmimeGateway.Cms.Writing;

namespace SmimeGateway.Cms;

/// <summary>
/// Signs messages with one certificate (RFC 5652 section 5, RFC 8551). All that does not change from message to message is encoded
/// when it is made, so that signing costs little more than the digest and the operation of the private key. Any number of threads
/// may use it at once.
/// </summary>
public sealed class Signer : IDisposable
{
    private readonly SigningKey _key;
    private readonly SignedDataAssembly _assembly;
    private readonly SignedAttributesTemplate _utcAttributes;
    private readonly SignedAttributesTemplate _generalizedAttributes;
    private readonly OwnSignatureCheck _ownSignature;

    /// <summary>Prepares to sign with the certificate's private key; throws if it has none, or one of a kind that cannot sign mail.</summary>
    public Signer(X509Certificate2 certificateWithPrivateKey, SignerOptions options)
        : this(new CmsIdentity(certificateWithPrivateKey), options)
    {
    }

    /// <summary>Prepares to sign with a private key; throws if there is none, or one of a kind that cannot sign mail.</summary>
    public Signer(CmsIdentity identity, SignerOptions options)
        : this(identity, options, SigningKey.From)
    {
    }

    private Signer(CmsIdentity identity, SignerOptions options, Func<CmsIdentity, DigestAlgorithm, SignaturePadding, SigningKey> open)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(identity.Certificate);
        ArgumentNullException.ThrowIfNull(options);
        var own = identity.Certificate;
        _key = open(identity, DigestAlgorithm.GetForSigning(options.Digest), options.Padding);
        X509Certificate2[] enclosed = [.. Enclosed(own, options)];
        _assembly = new SignedDataAssembly(own, _key.Digest, _key.AlgorithmIdentifier, enclosed);
        (_utcAttributes, _generalizedAttributes) = SignedAttributesTemplate.Create(ConstantAttributes(own, options), _key.Digest.Length);
        _ownSignature = new OwnSignatureCheck(own, enclosed);
    }

    /// <summary>
    /// Prepares a certificate, and makes a signature with it; false with a fault when its key cannot do what is asked, as some keys are refused
    /// only when they are used, and that must not wait until a message needs them.
    /// </summary>
    /// <param name="certificateWithPrivateKey">The certificate.</param>
    /// <param name="options">How to sign.</param>
    /// <param name="signer">The signer.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryCreate(
        X509Certificate2 certificateWithPrivateKey,
        SignerOptions options,
        [NotNullWhen(true)] out Signer? signer,
        [NotNullWhen(false)] out CmsFault? fault) => TryCreate(new CmsIdentity(certificateWithPrivateKey), options, out signer, out fault);

    /// <summary>As the other, with a private key that may lie beside the certificate.</summary>
    public static bool TryCreate(
        CmsIdentity identity,
        SignerOptions options,
        [NotNullWhen(true)] out Signer? signer,
        [NotNullWhen(false)] out CmsFault? fault) => TryCreate(identity, options, SigningKey.From, out signer, out fault);

    internal static bool TryCreate(
        CmsIdentity identity,
        SignerOptions options,
        Func<CmsIdentity, DigestAlgorithm, SignaturePadding, SigningKey> open,
        [NotNullWhen(true)] out Signer? signer,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        (signer, fault) = (null, null);
        try
        {
            signer = new Signer(identity, options, open);
            fault = signer._key.FindUnfitness() is { } unfit ? new CmsFault(CmsFaultKind.SignerKeyUnusable, unfit)
                : signer.FindFlaw() is { } flaw ? Blame(identity.Certificate, options, $"makes signatures that are not good: {flaw.Reason}")
                : null;
        }
        catch (ArgumentException exception)
        {
            fault = new CmsFault(CmsFaultKind.SignerKeyUnusable, exception.Message);
        }
        catch (CryptographicException exception)
        {
            fault = Blame(identity.Certificate, options, $"makes no signature: {exception.Message}");
        }

        if (signer is not null && fault is null)
        {
            return true;
        }

        signer?.Dispose();
        signer = null;
        fault ??= new CmsFault(CmsFaultKind.SignerKeyUnusable, "There is no signer.");
        return false;
    }

    /// <summary>The digest's name for the <c>micalg</c> parameter of <c>multipart/signed</c>.</summary>
    public string MicAlg => _key.Digest.MicAlg;

    /// <summary>Whether collisions of the digest have been made, so that its use deserves a warning.</summary>
    public bool IsDigestWeak => _key.Digest.IsWeak;

    /// <summary>Signs content that travels beside the signature; returns the SignedData in DER.</summary>
    public byte[] SignDetached(ReadOnlySequence<byte> content, DateTimeOffset signingTime)
    {
        var template = TemplateFor(signingTime);
        var attributes = new byte[template.Length];
        Span<byte> signature = stackalloc byte[_key.MaxSignatureLength];
        var length = Sign(content, signingTime, template, attributes, signature);
        return _assembly.Detach(attributes, signature[..length]);
    }

    /// <summary>Signs content and encloses it; returns the SignedData in DER as pieces around the caller's own memory.</summary>
    public ReadOnlySequence<byte> SignEncapsulated(ReadOnlySequence<byte> content, DateTimeOffset signingTime)
    {
        var template = TemplateFor(signingTime);
        var attributes = new byte[template.Length];
        Span<byte> signature = stackalloc byte[_key.MaxSignatureLength];
        var length = Sign(content, signingTime, template, attributes, signature);
        return _assembly.Encapsulate(content, attributes, signature[..length]);
    }

    /// <summary>Reads a detached signature of this signer back as a receiver would; null if it verifies over the content.</summary>
    public CmsFault? VerifyOwn(ReadOnlyMemory<byte> cms, ReadOnlySequence<byte> detachedContent) =>
        _ownSignature.Check(cms, detachedContent, encapsulated: false);

    /// <summary>Reads an opaque signature of this signer back as a receiver would; null if it verifies and encloses the content.</summary>
    public CmsFault? VerifyOwnEncapsulated(ReadOnlyMemory<byte> cms, ReadOnlySequence<byte> expectedContent) =>
        _ownSignature.Check(cms, expectedContent, encapsulated: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        _ownSignature.Dispose();
    }

    private CmsFault? FindFlaw() =>
        VerifyOwn(SignDetached(ReadOnlySequence<byte>.Empty, DateTimeOffset.UnixEpoch), ReadOnlySequence<byte>.Empty);

    // Another copy of a broken key may do. What this system does with no key of the kind, it never does: the digest is longer than the key, or
    // the system's policy forbids one of them.
    private static CmsFault Blame(X509Certificate2 certificate, SignerOptions options, string flaw) =>
        SigningKey.CanAnotherOfItsKind(certificate, DigestAlgorithm.GetForSigning(options.Digest), options.Padding)
            ? new CmsFault(CmsFaultKind.SignerKeyBroken, $"Its key {flaw}")
            : new CmsFault(CmsFaultKind.SignerKeyUnusable, $"No key of its kind can sign with {options.Digest.Name} on this system; it {flaw}");

    private SignedAttributesTemplate TemplateFor(DateTimeOffset signingTime) =>
        SignedAttributesTemplate.IsUtcTime(signingTime) ? _utcAttributes : _generalizedAttributes;

    private int Sign(
        in ReadOnlySequence<byte> content,
        DateTimeOffset signingTime,
        SignedAttributesTemplate template,
        Span<byte> attributes,
        Span<byte> signature)
    {
        Span<byte> digest = stackalloc byte[DigestAlgorithm.MaxLength];
        template.Fill(attributes, _key.Digest.Compute(content, digest), signingTime);
        return _key.Sign(attributes, signature);
    }

    private static IEnumerable<X509Certificate2> Enclosed(X509Certificate2 own, SignerOptions options)
    {
        if (options.IncludeSignerCertificate)
        {
            yield return own;
        }

        foreach (var certificate in options.Chain)
        {
            yield return certificate;
        }

        // Naming a certificate that the receiver does not get would be of no use to him.
        if (options.EncryptionCertificate is { } encryption)
        {
            yield return encryption;
        }
    }

    private static List<byte[]> ConstantAttributes(X509Certificate2 own, SignerOptions options)
    {
        List<byte[]> attributes =
        [
            SignedAttributesTemplate.EncodeAttribute(Oids.ContentType, writer => writer.WriteObjectIdentifier(Oids.Data)),
            CertificateAttributes.EncodeSigningCertificateV2(own),
        ];
        if (options.Capabilities is { } capabilities)
        {
            attributes.Add(SignedAttributesTemplate.EncodeAttribute(
                Oids.SmimeCapabilities, writer => writer.WriteEncodedValue(capabilities.Encode())));
        }

        // A certificate for signing alone is not named: answers encrypted to it could not be opened by a strict receiver.
        var encryption = options.EncryptionCertificate ?? (CertificateAttributes.AllowsEncryption(own) ? own : null);
        if (encryption is not null)
        {
            attributes.Add(CertificateAttributes.EncodeEncryptionKeyPreference(encryption));
        }

        return attributes;
    }
}
