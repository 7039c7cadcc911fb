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
    private readonly X509Certificate2Collection _roots;
    private readonly X509Certificate2Collection _intermediates;
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
        files ??= new TrustFiles();
        X509Certificate2[] trusted = [.. roots.SelectMany(path => files.Read(path, problems)), .. moreRoots, .. systemRoots ? SystemRoots(problems) : []];
        X509Certificate2[] completing = [.. intermediates.SelectMany(path => files.Read(path, problems))];
        return new TrustStore(trusted, completing, problems);
    }

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

        try
        {
            using var chain = new X509Chain { ChainPolicy = PolicyFor(extra, at) };
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

    /// <summary>As <see cref="Judge"/>, but remembers the verdict for up to a minute.</summary>
    internal TrustVerdict JudgeOrRemember(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> extra, DateTimeOffset at)
        => _memory.GetOrJudge(leaf, extra, at, this);

    private X509ChainPolicy PolicyFor(IEnumerable<X509Certificate2> extra, DateTimeOffset at)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,

            // Lists and responders are asked elsewhere, once, and cached; a chain is built from what is at hand.
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = at.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_intermediates);
        foreach (var certificate in extra)
        {
            policy.ExtraStore.Add(certificate);
        }

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
