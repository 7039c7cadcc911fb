namespace SmimeGateway.Certificates.Finding;

/// <summary>All certificates of a source at one moment; it never changes, so that it is read without locks.</summary>
internal sealed class CertificateSnapshot<T>
    where T : IHeldCertificate<T>
{
    /// <summary>A source that holds nothing.</summary>
    public static readonly CertificateSnapshot<T> Empty = new(0, [], [], []);

    private readonly Dictionary<string, List<T>> _byAddress;

    private CertificateSnapshot(
        long number, IReadOnlyList<T> all, IReadOnlyList<SourceProblem> problems, Dictionary<string, List<T>> byAddress)
    {
        Number = number;
        All = all;
        Problems = problems;
        _byAddress = byAddress;
    }

    /// <summary>How many snapshots of the source came before.</summary>
    public long Number { get; }

    /// <summary>Every certificate.</summary>
    public IReadOnlyList<T> All { get; }

    /// <summary>Everything that could not be read.</summary>
    public IReadOnlyList<SourceProblem> Problems { get; }

    /// <summary>Puts together what the files of a source hold.</summary>
    public static CertificateSnapshot<T> Of(
        long number, IReadOnlyCollection<FileReading<T>> readings, IEnumerable<SourceProblem> moreProblems)
    {
        var chains = new ChainAssembly(readings.SelectMany(reading => reading.Others.Concat(reading.Held.Select(held => held.PublicCertificate))));
        var all = new List<T>();
        var byAddress = new Dictionary<string, List<T>>(StringComparer.Ordinal);
        foreach (var held in readings.SelectMany(reading => reading.Held))
        {
            var complete = held.Below(chains);
            all.Add(complete);
            foreach (var key in held.Traits.AddressKeys)
            {
                if (!byAddress.TryGetValue(key, out var same))
                {
                    byAddress[key] = same = [];
                }

                same.Add(complete);
            }
        }

        return new CertificateSnapshot<T>(number, all, [.. moreProblems, .. readings.SelectMany(reading => reading.Problems)], byAddress);
    }

    /// <summary>The certificates that name the address.</summary>
    public IReadOnlyList<T> Find(string address)
        => MailboxName.TryNormalize(address, out var key) && _byAddress.TryGetValue(key, out var found) ? found : [];
}
