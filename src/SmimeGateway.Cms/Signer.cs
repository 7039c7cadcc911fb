using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Reading.Signatures;
using SmimeGateway.Cms.Writing;

namespace SmimeGateway.Cms;

/// <summary>
/// Signs messages with one certificate, or with two of one person (RFC 5652 section 5, RFC 8551). All that does not change from message to message is encoded
/// when it is made, so that signing costs little more than the digest and the operation of the private key. Any number of threads
/// may use it at once.
/// </summary>
public sealed class Signer : IDisposable
{
    private readonly SignerInfoAssembly[] _signerInfos;
    private readonly SignedDataAssembly _assembly;
    private readonly OwnSignatureCheck _ownSignatures;

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
        CmsIdentity[] identities = options.Also is { } also ? [identity, also] : [identity];
        X509Certificate2[] own = [.. identities.Select(signing => signing.Certificate)];
        _signerInfos =
        [
            .. identities.Select(signing => new SignerInfoAssembly(
                signing.Certificate,
                open(signing, DigestAlgorithm.GetForSigning(options.Digest), options.Padding),
                ConstantAttributes(signing.Certificate, options))),
        ];
        X509Certificate2[] enclosed = [.. Enclosed(own, options)];
        _assembly = new SignedDataAssembly(_signerInfos.Select(signerInfo => signerInfo.Digest), enclosed);
        _ownSignatures = new OwnSignatureCheck(own, enclosed);
        AlgorithmNames = string.Join(" and ", _signerInfos.Select(signerInfo => signerInfo.AlgorithmName));
        MicAlg = string.Join(',', _signerInfos.Select(signerInfo => signerInfo.Digest.MicAlg).Distinct(StringComparer.Ordinal));
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
            fault = signer._signerInfos.Select(signerInfo => signerInfo.FindUnfitness()).FirstOrDefault(unfitness => unfitness is not null) is { } unfit ? new CmsFault(CmsFaultKind.SignerKeyUnusable, unfit)
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

    /// <summary>The names of the digests for the <c>micalg</c> parameter of <c>multipart/signed</c>, separated by commas.</summary>
    public string MicAlg { get; }

    /// <summary>The names of the signature algorithms, for people.</summary>
    public string AlgorithmNames { get; }

    /// <summary>Whether collisions of a digest have been made, so that its use deserves a warning.</summary>
    public bool IsDigestWeak => Array.Exists(_signerInfos, signerInfo => signerInfo.Digest.IsWeak);

    /// <summary>Signs content that travels beside the signature; returns the SignedData in DER.</summary>
    public byte[] SignDetached(ReadOnlySequence<byte> content, DateTimeOffset signingTime) =>
        _assembly.Detach(Array.ConvertAll(_signerInfos, signerInfo => signerInfo.Sign(content, signingTime)));

    /// <summary>Signs content and encloses it; returns the SignedData in DER as pieces around the caller's own memory.</summary>
    public ReadOnlySequence<byte> SignEncapsulated(ReadOnlySequence<byte> content, DateTimeOffset signingTime) =>
        _assembly.Encapsulate(content, Array.ConvertAll(_signerInfos, signerInfo => signerInfo.Sign(content, signingTime)));

    /// <summary>Reads a detached signature of this signer back as a receiver would; null if it verifies over the content.</summary>
    public CmsFault? VerifyOwn(ReadOnlyMemory<byte> cms, ReadOnlySequence<byte> detachedContent) =>
        _ownSignatures.Check(cms, detachedContent, encapsulated: false);

    /// <summary>Reads an opaque signature of this signer back as a receiver would; null if it verifies and encloses the content.</summary>
    public CmsFault? VerifyOwnEncapsulated(ReadOnlyMemory<byte> cms, ReadOnlySequence<byte> expectedContent) =>
        _ownSignatures.Check(cms, expectedContent, encapsulated: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signerInfo in _signerInfos)
        {
            signerInfo.Dispose();
        }

        _ownSignatures.Dispose();
    }

    private CmsFault? FindFlaw() =>
        VerifyOwn(SignDetached(ReadOnlySequence<byte>.Empty, DateTimeOffset.UnixEpoch), ReadOnlySequence<byte>.Empty);

    // Another copy of a broken key may do. What this system does with no key of the kind, it never does: the digest is longer than the key, or
    // the system's policy forbids one of them.
    private static CmsFault Blame(X509Certificate2 certificate, SignerOptions options, string flaw) =>
        SigningKey.CanAnotherOfItsKind(certificate, DigestAlgorithm.GetForSigning(options.Digest), options.Padding)
            ? new CmsFault(CmsFaultKind.SignerKeyBroken, $"Its key {flaw}")
            : new CmsFault(CmsFaultKind.SignerKeyUnusable, $"No key of its kind can sign with {options.Digest.Name} on this system; it {flaw}");

    private static IEnumerable<X509Certificate2> Enclosed(X509Certificate2[] own, SignerOptions options)
    {
        if (options.IncludeSignerCertificate)
        {
            foreach (var certificate in own)
            {
                yield return certificate;
            }
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
