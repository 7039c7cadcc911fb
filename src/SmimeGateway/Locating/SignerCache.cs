using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Locating;

/// <summary>
/// Keeps one prepared signer for each way of signing and certificate. What of a signature is the same in every message is encoded only
/// once; nothing reads a key store while a message waits.
/// </summary>
/// <param name="announced">What signatures announce to be read.</param>
/// <param name="trust">Knows the issuers that do not lie beside a certificate.</param>
/// <param name="time">The clock.</param>
internal sealed class SignerCache(SmimeCapabilities announced, TrustStore trust, TimeProvider time)
{
    /// <summary>An issuer that begins to be valid, or is a better one by now, is noticed after this time; one that ends at once.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    // Signers go with the certificate, when its source lets go of it and the last message that signs with it is done. So none serves a
    // certificate that was replaced, and nobody has to know when the last use of a key has ended. A reload makes the options anew.
    private readonly ConditionalWeakTable<OwnCertificate, ConcurrentDictionary<Way, Prepared>> _signers = [];

    /// <summary>Who knows the issuers; another one wants another cache.</summary>
    public TrustStore Trust => trust;

    /// <summary>The signer for a certificate that was found fit.</summary>
    public Signer GetSigner(SignOptions sign, OwnCertificate certificate, OwnCertificate? encryption, OwnCertificate? also = null) =>
        Prepare(new Way(sign, sign.IncludeEncryptionCertificate ? encryption : null, also), certificate) is { Signer: { } signer }
            ? signer
            : throw new InvalidOperationException("The certificate is not fit to sign with.");

    /// <summary>Why the key of a certificate cannot sign as a rule asks, or null.</summary>
    public KeyUnfitness? FindUnfitness(SignOptions sign, OwnCertificate certificate) => Prepare(new Way(sign), certificate).Unfitness;

    private Prepared Prepare(Way way, OwnCertificate certificate)
    {
        var ways = _signers.GetValue(certificate, static _ => new ConcurrentDictionary<Way, Prepared>());
        var now = time.GetUtcNow();
        if (!ways.TryGetValue(way, out var known))
        {
            return ways.GetOrAdd(way, Make(way, certificate, SelectChain(way, certificate, now), now));
        }

        if (known.IsCurrentAt(now))
        {
            return known;
        }

        // Signing takes its time with some keys: only another chain wants another signer.
        var chain = SelectChain(way, certificate, now);
        return ways[way] = known.Signer is not null && chain.SequenceEqual(known.Chain)
            ? known with { Made = now, Until = EndOf(chain, now) }
            : Make(way, certificate, chain, now);
    }

    private Prepared Make(Way way, OwnCertificate own, IReadOnlyList<X509Certificate2> chain, DateTimeOffset now)
    {
        var options = new SignerOptions
        {
            Digest = ToHash(way.Sign.Digest),
            Padding = way.Sign.Padding == RsaPadding.Pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1,
            Also = way.Also is { } also ? new CmsIdentity(also.Certificate, also.DetachedKey) : null,
            Chain = chain,
            EncryptionCertificate = way.Encryption?.PublicCertificate,
            Capabilities = way.Sign.Capabilities ? announced : null,
        };
#pragma warning disable CA2000 // The signer lives as long as its certificate, and signatures that run share it: the collector frees both.
        return Signer.TryCreate(new CmsIdentity(own.Certificate, own.DetachedKey), options, out var signer, out var fault)
            ? new Prepared(signer, null, chain, now, EndOf(chain, now))
            : new Prepared(null, new KeyUnfitness(Lower(fault.Reason), fault.Kind == CmsFaultKind.SignerKeyBroken), chain, now, now + MaxAge);
#pragma warning restore CA2000
    }

    private IReadOnlyList<X509Certificate2> SelectChain(Way way, OwnCertificate own, DateTimeOffset now) =>
        way.Also is { } also ? [.. SelectChain(way.Sign, own, now), .. SelectChain(way.Sign, also, now)] : SelectChain(way.Sign, own, now);

    private IReadOnlyList<X509Certificate2> SelectChain(SignOptions sign, OwnCertificate own, DateTimeOffset now) => sign.Chain switch
    {
        ChainInclusion.None => [],
        ChainInclusion.All => trust.Complete(own, now),
        ChainInclusion.WithoutRoot => [.. trust.Complete(own, now).Where(issuer => !CertificateTraits.Read(issuer).IsSelfSigned)],
    };

    // One that has ended, and has no better one, is not looked up with every message.
    private static DateTimeOffset EndOf(IReadOnlyList<X509Certificate2> chain, DateTimeOffset now) =>
        chain.Select(issuer => CertificateTraits.Read(issuer).NotAfter).Where(end => end >= now).Append(now + MaxAge).Min();

    private static HashAlgorithmName ToHash(SignatureDigest digest) => digest switch
    {
        SignatureDigest.Sha1 => HashAlgorithmName.SHA1,
        SignatureDigest.Sha384 => HashAlgorithmName.SHA384,
        SignatureDigest.Sha512 => HashAlgorithmName.SHA512,
        SignatureDigest.Sha256 => HashAlgorithmName.SHA256,
    };

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    /// <param name="Signer">Signs; null when the key cannot.</param>
    /// <param name="Unfitness">Why it cannot, or null.</param>
    /// <param name="Chain">The issuers that go out with it.</param>
    /// <param name="Made">When they were looked up.</param>
    /// <param name="Until">The last moment at which nobody need look again.</param>
    private sealed record Prepared(
        Signer? Signer, KeyUnfitness? Unfitness, IReadOnlyList<X509Certificate2> Chain, DateTimeOffset Made, DateTimeOffset Until)
    {
        public bool IsCurrentAt(DateTimeOffset now) => now >= Made && now <= Until;
    }

    // By the identity of the options and of the certificates, all of which are made anew when they change.
    private readonly struct Way(SignOptions sign, OwnCertificate? encryption = null, OwnCertificate? also = null) : IEquatable<Way>
    {
        public SignOptions Sign { get; } = sign;

        public OwnCertificate? Encryption { get; } = encryption;

        public OwnCertificate? Also { get; } = also;

        public bool Equals(Way other) =>
            ReferenceEquals(Sign, other.Sign) && ReferenceEquals(Encryption, other.Encryption) && ReferenceEquals(Also, other.Also);

        public override bool Equals(object? obj) => obj is Way other && Equals(other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(Sign);
    }
}
