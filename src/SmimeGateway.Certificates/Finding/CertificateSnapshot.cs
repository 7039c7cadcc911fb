namespace SmimeGateway.Certificates.Finding;

/// <summary>All certificates of a source at one moment; it never changes, so that it is read without locks.</summary>
internal sealed class CertificateSnapshot
{
    /// <summary>A source that holds nothing.</summary>
    public static readonly CertificateSnapshot Empty = new([], [], []);

    private readonly Dictionary<string, List<OwnCertificate>> _byAddress;

    private CertificateSnapshot(
        IReadOnlyList<OwnCertificate> all, IReadOnlyList<SourceProblem> problems, Dictionary<string, List<OwnCertificate>> byAddress)
    {
        All = all;
        Problems = problems;
        _byAddress = byAddress;
    }

    /// <summary>Every certificate.</summary>
    public IReadOnlyList<OwnCertificate> All { get; }

    /// <summary>Everything that could not be read.</summary>
    public IReadOnlyList<SourceProblem> Problems { get; }

    /// <summary>Puts together what the files of a source hold.</summary>
    public static CertificateSnapshot Of(IReadOnlyCollection<FileReading> readings, IEnumerable<SourceProblem> moreProblems)
    {
        var chains = new ChainAssembly(readings.SelectMany(reading => reading.Others.Concat(reading.Own.Select(own => own.PublicCertificate))));
        var all = new List<OwnCertificate>();
        var byAddress = new Dictionary<string, List<OwnCertificate>>(StringComparer.Ordinal);
        foreach (var own in readings.SelectMany(reading => reading.Own))
        {
            var complete = own with { Chain = chains.Above(own.PublicCertificate) };
            all.Add(complete);
            foreach (var key in own.Traits.AddressKeys)
            {
                if (!byAddress.TryGetValue(key, out var same))
                {
                    byAddress[key] = same = [];
                }

                same.Add(complete);
            }
        }

        return new CertificateSnapshot(all, [.. moreProblems, .. readings.SelectMany(reading => reading.Problems)], byAddress);
    }

    /// <summary>The certificates that name the address.</summary>
    public IReadOnlyList<OwnCertificate> Find(string address)
        => MailboxName.TryNormalize(address, out var key) && _byAddress.TryGetValue(key, out var found) ? found : [];
}
