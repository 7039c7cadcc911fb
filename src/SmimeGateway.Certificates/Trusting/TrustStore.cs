using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// The roots that are trusted, and intermediates that complete chains. Nothing is fetched from the network while a chain is built, so that
/// a message cannot make the gateway call anybody.
/// </summary>
public sealed class TrustStore
{
    /// <summary>How many ways up to a root are tried; each costs a millisecond, and real certificates have two or three.</summary>
    private const int MaxPaths = 20;

    private readonly X509Certificate2Collection _roots;
    private readonly X509Certificate2Collection _intermediates;
    private readonly Lazy<PathSearch> _paths;
    private readonly VerdictMemory _memory = new();

    /// <summary>Trusts the roots alone.</summary>
    public TrustStore(IEnumerable<X509Certificate2> roots, IEnumerable<X509Certificate2> intermediates)
        : this([.. roots], [.. intermediates], [])
    {
    }

    private TrustStore(X509Certificate2[] roots, X509Certificate2[] intermediates, IReadOnlyList<SourceProblem> problems)
    {
        _roots = new X509Certificate2Collection(roots);
        _intermediates = new X509Certificate2Collection(intermediates);
        _paths = new Lazy<PathSearch>(() => new PathSearch(_roots, _intermediates));
        Problems = problems;
    }

    /// <summary>The files that could not be read.</summary>
    public IReadOnlyList<SourceProblem> Problems { get; }

    /// <summary>The trusted roots.</summary>
    public IReadOnlyList<X509Certificate2> Roots => [.. _roots];

    /// <summary>Reads the store from files, or folders of files, in DER, PEM or PKCS #7.</summary>
    /// <param name="roots">Files and folders of roots.</param>
    /// <param name="intermediates">Files and folders of intermediates.</param>
    /// <param name="systemRoots">Whether the roots of the operating system are trusted too.</param>
    /// <param name="moreRoots">Roots that are trusted besides, such as that of the built-in authority.</param>
    /// <param name="unknown">What keeps others of those roots from being known.</param>
    /// <param name="files">Remembers what the files held, for a store that is read again; null for one that is read once.</param>
    public static TrustStore Load(
        IEnumerable<string> roots,
        IEnumerable<string> intermediates,
        bool systemRoots,
        IEnumerable<X509Certificate2> moreRoots,
        IEnumerable<SourceProblem>? unknown = null,
        TrustFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(intermediates);
        ArgumentNullException.ThrowIfNull(moreRoots);
        var problems = new List<SourceProblem>(unknown ?? []);
        files ??= new TrustFiles(TimeProvider.System);
        X509Certificate2[] trusted = [.. roots.SelectMany(path => files.Read(path, problems)), .. moreRoots, .. systemRoots ? SystemRoots(problems) : []];
        X509Certificate2[] completing = [.. intermediates.SelectMany(path => files.Read(path, problems))];
        return new TrustStore(trusted, completing, problems);
    }

    /// <summary>The same store, which lacks something besides.</summary>
    internal TrustStore With(SourceProblem problem) => new([.. _roots], [.. _intermediates], [.. Problems, problem]);

    /// <summary>Whether another store trusts the same, and lacks the same.</summary>
    internal bool IsAlike(TrustStore other) =>
        Problems.SequenceEqual(other.Problems) && AreAlike(_roots, other._roots) && AreAlike(_intermediates, other._intermediates);

    /// <summary>Judges whether a certificate was issued for mail below a trusted root, and is valid at a moment.</summary>
    /// <param name="leaf">The certificate in question.</param>
    /// <param name="extra">Certificates that came with it, which complete the chain but are not trusted.</param>
    /// <param name="at">The moment.</param>
    public TrustVerdict Judge(X509Certificate2 leaf, IEnumerable<X509Certificate2> extra, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(extra);
        if (CertificateTraits.Read(leaf).Fault is { } fault)
        {
            return new TrustVerdict([fault]);
        }

        if (ModernKey.Find(leaf.GetKeyAlgorithm()) is { HasPaths: false } kind)
        {
            return new TrustVerdict([$"its path cannot be followed yet, as its key is of {kind.Name}"]);
        }

        X509Certificate2[] companions = [.. extra];
        var verdict = Follow(leaf, _roots, [.. _intermediates, .. companions], at);
        if (verdict.IsTrusted || !CertificateTraits.Read(leaf).IsValidAt(at))
        {
            return verdict;
        }

        // The framework follows one path and says what is wrong with that. There may be others.
        return _paths.Value.Find(leaf, companions, at)
            .Take(MaxPaths)
            .Select(path => Follow(leaf, [path[^1]], [.. path.SkipLast(1)], at))
            .FirstOrDefault(other => other.IsTrusted) ?? verdict;
    }

    /// <summary>
    /// The certificates above one of ours, issuer first and root last, as far as they are known: those of a way up that holds, else one among
    /// those beside the certificate and the intermediates that fits by name.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Complete(OwnCertificate own, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(own);
        if (own.Chain.Count > 0 && own.Chain.Count == own.Issuers.Count && CertificateTraits.Read(own.Chain[^1]).IsSelfSigned
            && own.Chain.All(issuer => CertificateTraits.Read(issuer).IsValidAt(at)))
        {
            // There is nothing to add, and nothing to choose.
            return own.Chain;
        }

        return Judge(own.PublicCertificate, own.Issuers, at) is { IsTrusted: true } verdict
            ? verdict.Trusted.Chain
            : new ChainAssembly([.. own.Issuers, .. _intermediates, .. _roots]).Above(own.PublicCertificate, at);
    }

    /// <summary>As <see cref="Judge"/>, but remembers the verdict for up to a minute.</summary>
    internal TrustVerdict JudgeOrRemember(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> extra, DateTimeOffset at)
        => _memory.GetOrJudge(leaf, extra, at, this);

    private static bool AreAlike(X509Certificate2Collection one, X509Certificate2Collection other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span));

    private static TrustVerdict Follow(
        X509Certificate2 leaf, X509Certificate2Collection roots, X509Certificate2Collection intermediates, DateTimeOffset at)
    {
        try
        {
            using var chain = new X509Chain { ChainPolicy = PolicyFor(roots, intermediates, at) };
            if (!chain.Build(leaf))
            {
                return new TrustVerdict(TrustReasons.Of(chain));
            }

            X509Certificate2[] above = [.. chain.ChainElements.Skip(1).Select(element => element.Certificate)];
            var strangers = above.Prepend(leaf).Select(CertificateTraits.Read).Where(traits => !traits.IsForMail).ToList();
            return strangers.Count == 0
                ? new TrustVerdict(new TrustedCertificate(leaf, above))
                : new TrustVerdict([.. strangers.Select(traits => $"{traits.Subject}: it is not meant for mail")]);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return new TrustVerdict(["its chain cannot be built, as a certificate in it is malformed"]);
        }
    }

    private static X509ChainPolicy PolicyFor(X509Certificate2Collection roots, X509Certificate2Collection intermediates, DateTimeOffset at)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,

            // Lists and responders are asked elsewhere, once, and cached; a chain is built from what is at hand.
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = at.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(intermediates);

        // The purpose is judged by ourselves: asking the framework for it makes it judge certificate policies too, and there it refuses
        // the mappings that bridge authorities live by.
        return policy;
    }

    private static X509Certificate2[] SystemRoots(List<SourceProblem> problems)
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return [.. store.Certificates];
        }
        catch (CryptographicException)
        {
            problems.Add(new SourceProblem("trust", "systemRoots", "the roots of the operating system cannot be read", "Check them, or set systemRoots to false"));
            return [];
        }
    }
}
