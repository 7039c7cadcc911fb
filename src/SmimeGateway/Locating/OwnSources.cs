using System.Text.Json;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Settings;

namespace SmimeGateway.Locating;

/// <summary>
/// All configured sources of own certificates, opened. Opening reads every key file, so a reload hands over the sources whose
/// configuration did not change.
/// </summary>
public sealed class OwnSources : IAsyncDisposable
{
    private readonly Dictionary<string, OpenedSource> _sources;

    private OwnSources(Dictionary<string, OpenedSource> sources) => _sources = sources;

    /// <summary>All sources.</summary>
    public IEnumerable<IOwnCertificateSource> All => _sources.Values.Select(opened => opened.Source);

    /// <summary>Every certificate of every source as of now.</summary>
    public IEnumerable<OwnCertificate> Certificates => _sources.Values.SelectMany(opened => opened.Source.All);

    /// <summary>What is wrong with files of the sources as of now.</summary>
    public IEnumerable<SourceProblem> Problems => _sources.Values.SelectMany(opened => opened.Source.Problems);

    /// <summary>The sources that could not be opened, and are tried again.</summary>
    public IEnumerable<SourceProblem> Unopened => All.OfType<UnopenedSource>().SelectMany(source => source.Problems);

    /// <summary>The built-in authorities among the sources.</summary>
    public IEnumerable<BuiltInAuthority> Authorities => _sources.Values.Select(opened => opened.Source).OfType<BuiltInAuthority>();

    /// <summary>Opens the sources side by side, as unlocking a key file takes long by design.</summary>
    /// <param name="options">The configured sources.</param>
    /// <param name="previous">The sources until now; those that did not change go over to the result. Null at the start.</param>
    /// <param name="time">The clock for validity and re-reading.</param>
    /// <param name="keepsIssued">False for a rehearsal, in which authorities write nothing.</param>
    /// <param name="announce">What issued certificates announce to be read; null for what everybody reads.</param>
    public static OwnSources Open(
        IReadOnlyList<OwnCertificateOptions> options, OwnSources? previous, TimeProvider time, bool keepsIssued = true, IReadOnlyList<ContentCipher>? announce = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var capabilities = (announce is null ? SmimeCapabilities.ReadByAll : SmimeCapabilities.Of(announce)).Encode();
        var opened = options
            .AsParallel()
            .WithDegreeOfParallelism(32)
            .Select(source =>
            {
                var fingerprint = JsonSerializer.Serialize(source) + (source.Authority is null ? "" : Convert.ToHexString(capabilities));
                return previous is not null && previous._sources.TryGetValue(source.Name, out var known) && known.Fingerprint == fingerprint
                    ? (source.Name, known)
                    : (source.Name, new OpenedSource(fingerprint, source, () => Open(source, time, keepsIssued, capabilities), time));
            })
            .ToDictionary(entry => entry.Name, entry => entry.Item2, StringComparer.OrdinalIgnoreCase);
        return new OwnSources(opened);
    }

    /// <summary>The source of this name, or null.</summary>
    public IOwnCertificateSource? Find(string name) => _sources.TryGetValue(name, out var opened) ? opened.Source : null;

    /// <summary>Takes what went away for withdrawn: the administrator says that it is meant.</summary>
    public void AcceptLoss()
    {
        foreach (var source in All)
        {
            source.AcceptLoss();
        }
    }

    /// <summary>Closes the sources that did not go over to the next set.</summary>
    public async ValueTask RetireAsync(OwnSources next)
    {
        ArgumentNullException.ThrowIfNull(next);
        foreach (var (name, opened) in _sources)
        {
            if (!ReferenceEquals(next._sources.GetValueOrDefault(name), opened))
            {
                await opened.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _sources.Values)
        {
            await opened.DisposeAsync();
        }
    }

    private static IOwnCertificateSource Open(OwnCertificateOptions source, TimeProvider time, bool keepsIssued, byte[] capabilities)
    {
        if (source.Pkcs12 is { } pkcs12)
        {
            return Pkcs12File.Open(source.Name, pkcs12, Reader(source.Password), time);
        }

        if (source.Pem is { } pem)
        {
            return PemPair.Open(source.Name, pem.Certificate, pem.Key, Reader(pem.Password), time);
        }

        if (source.Folder is { } folder)
        {
            return CertificateFolder.Open(source.Name, folder, Reader(source.Password), time);
        }

        AddressPattern[] covered = [.. source.IssueFor.Select(AddressPattern.Parse)];
        return BuiltInAuthority.Open(
            source.Name,
            source.Authority ?? throw new ArgumentException("A source names one of pkcs12, pem, folder and authority.", nameof(source)),
            address => Array.Exists(covered, pattern => pattern.Matches(address)),
            new AuthorityOptions
            {
                LeafKey = source.IssueKeys,
                KeepsIssued = keepsIssued,
                Capabilities = capabilities,
                MaxPerClientAndHour = source.IssuePerHour,
                MaxMailboxes = source.IssueAtMost,
            },
            time);
    }

    private static SecretReader? Reader(SecretOptions? secret) => secret is null ? null : new SecretReader(secret.File, secret.Env);
}
