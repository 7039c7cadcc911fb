using System.Text.Json;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Locating;

/// <summary>
/// All configured sources of partner certificates, opened, and whom their certificates are judged by. A reload hands over the sources whose
/// configuration did not change, and those who wait for arrivals.
/// </summary>
public sealed class PartnerSources : IAsyncDisposable
{
    private const string SeenFolder = "seen";

    // More than there are cores: each of them may wait for a share.
    private const int OpenedAtOnce = 32;

    private readonly Dictionary<string, Opened> _sources;
    private readonly TrustWatch _trust;
    private readonly TrustFiles _trustFiles;
    private string? _trustFingerprint;
    private readonly Arrivals _arrivals;
    private readonly TimeProvider _time;

    private PartnerSources(Dictionary<string, Opened> sources, TrustWatch trust, TrustFiles trustFiles, Arrivals arrivals, TimeProvider time)
    {
        _trustFiles = trustFiles;
        _sources = sources;
        _trust = trust;
        _arrivals = arrivals;
        Seen = [.. sources.Values.Select(opened => opened.Source).OfType<SeenCertificates>()];
        _time = time;
        trust.Changes.Add(arrivals.Announce);
    }

    /// <summary>Whom the configuration trusts as of now; read when it is first asked for, and again when its files change.</summary>
    public TrustStore Trust => _trust.Current;

    /// <summary>The sources that keep the certificates of signed mail.</summary>
    public IReadOnlyList<SeenCertificates> Seen { get; }

    /// <summary>Every certificate of every source as of now.</summary>
    public IEnumerable<PartnerCertificate> Certificates => _sources.Values.SelectMany(opened => opened.Source.All);

    /// <summary>What is wrong with files of the sources, and of those whom they are judged by, as of now.</summary>
    public IEnumerable<SourceProblem> Problems => FileProblems.Concat(Trust.Problems);

    /// <summary>What is wrong with files of the sources alone, as of now.</summary>
    public IEnumerable<SourceProblem> FileProblems => _sources.Values.SelectMany(opened => opened.Source.Problems);

    /// <summary>Opens the sources side by side.</summary>
    /// <param name="options">The configured certificates.</param>
    /// <param name="own">The opened sources of own certificates, whose authorities are trusted too.</param>
    /// <param name="dataFolder">Under which the certificates of signed mail are kept.</param>
    /// <param name="previous">The sources until now; those that did not change go over to the result. Null at the start.</param>
    /// <param name="time">The clock for validity and re-reading.</param>
    public static PartnerSources Open(
        CertificateOptions options, OwnSources own, string dataFolder, PartnerSources? previous, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var arrivals = previous?._arrivals ?? new Arrivals();
        var opened = options.Partners
            .AsParallel()
            .WithDegreeOfParallelism(OpenedAtOnce)
            .Select(source =>
            {
                var fingerprint = JsonSerializer.Serialize(source) + dataFolder;
                return previous is not null && previous._sources.TryGetValue(source.Name, out var known) && known.Fingerprint == fingerprint
                    ? (source.Name, known)
                    : (source.Name, new Opened(fingerprint, Open(source, dataFolder, time, arrivals)));
            })
            .ToDictionary(entry => entry.Name, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);
#pragma warning disable CA2000 // It belongs to the sources, which close it when they are retired.
        var files = previous?._trustFiles ?? new TrustFiles(time);
        var trustFingerprint = JsonSerializer.Serialize(new { options.Trust, options.Own });
        var trust = new TrustWatch(
            [.. options.Trust.Roots, .. options.Trust.Intermediates], () => TrustAnchors.Load(options, own, files), time, files.AcceptLoss,
            former: previous?._trustFingerprint == trustFingerprint ? previous._trust.Known : null);
#pragma warning restore CA2000
        return new PartnerSources(opened, trust, files, arrivals, time) { _trustFingerprint = trustFingerprint };
    }

    /// <summary>The source of this name, or null.</summary>
    public IPartnerSource? Find(string name) => _sources.TryGetValue(name, out var opened) ? opened.Source : null;

    /// <summary>The certificates that name an address, usable or not, as far as they can be told at once.</summary>
    public IEnumerable<PartnerCertificate> AtHand(string address)
    {
        foreach (var opened in _sources.Values)
        {
            var found = PartnerCertificateCollection.Empty;
            try
            {
                var asked = opened.Source.FindAsync(address, CancellationToken.None).AsTask();
                found = asked.IsCompletedSuccessfully ? asked.GetAwaiter().GetResult() : found;
            }
            catch (SourceUnreachableException)
            {
                // Another one may know.
            }

            foreach (var certificate in found)
            {
                yield return certificate;
            }
        }
    }

    /// <summary>Whether any source has a usable certificate for an address now; one that cannot be asked has none.</summary>
    public async ValueTask<bool> KnowsAsync(string address, CancellationToken cancellationToken)
    {
        foreach (var opened in _sources.Values)
        {
            try
            {
                var candidates = await opened.Source.FindAsync(address, cancellationToken);
                if (candidates.Count > 0 && EncryptionChoice.Choose(address, candidates, Trust, _time.GetUtcNow()).Chosen.Count > 0)
                {
                    return true;
                }
            }
            catch (SourceUnreachableException)
            {
                // Another one may know.
            }
        }

        return false;
    }

    /// <summary>
    /// Has somebody told, on any thread, whenever there may be certificates that were not there before; a reload hands him over to the next
    /// set of sources.
    /// </summary>
    public void OnArrival(Action arrived) => _arrivals.Add(arrived);

    /// <summary>Tells everybody who waits for arrivals: another configuration may find what this one did not.</summary>
    public void AnnounceArrival() => _arrivals.Announce();

    /// <summary>Takes certificates, roots and intermediates that went away for withdrawn: the administrator says that it is meant.</summary>
    public void AcceptLoss()
    {
        foreach (var opened in _sources.Values)
        {
            opened.Source.AcceptLoss();
        }

        _trust.AcceptLoss();
    }

    /// <summary>Closes the sources that did not go over to the next set.</summary>
    public async ValueTask RetireAsync(PartnerSources next)
    {
        ArgumentNullException.ThrowIfNull(next);
        await _trust.DisposeAsync();
        foreach (var (name, opened) in _sources)
        {
            if (!ReferenceEquals(next.Find(name), opened.Source))
            {
                await opened.Source.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _trust.DisposeAsync();
        foreach (var opened in _sources.Values)
        {
            await opened.Source.DisposeAsync();
        }
    }

    private static IPartnerSource Open(PartnerCertificateOptions source, string dataFolder, TimeProvider time, Arrivals arrivals)
    {
        IPartnerSource opened = source.Folder is { } folder
            ? PartnerFolder.Open(source.Name, folder, source.Accept == PartnerAcceptance.All, time)
            : SeenCertificates.Open(source.Name, Path.Combine(dataFolder, SeenFolder), time);
        opened.OnArrival(arrivals.Announce);
        return opened;
    }

    private sealed record Opened(string Fingerprint, IPartnerSource Source);
}
