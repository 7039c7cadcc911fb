using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>
/// Certificates that signed mail brought along, kept in a folder over restarts. Only their names are held in memory, and those asked for
/// lately; beyond a bound, those not signed with for the longest time are dropped. Messages count in the order in which they were signed, however
/// late they come: one that is older than what is known changes nothing, as anybody may send once more what he once received.
/// </summary>
public sealed class SeenCertificates : IPartnerSource
{
    /// <summary>Some gigabytes on the disk; a company writes to fewer partners.</summary>
    public const int MaxCertificates = 100_000;

    /// <summary>Each takes some ten thousand octets of memory.</summary>
    private const int MaxLoaded = 10_000;

    /// <summary>Certificates have some thousand octets, with signatures of tomorrow some ten thousand.</summary>
    private const int MaxCertificateBytes = 64 * 1024;

    /// <summary>Who writes all day is not proved with every message.</summary>
    private static readonly TimeSpan GlanceResolution = TimeSpan.FromMinutes(1);

    private readonly SeenFolder _folder;
    private readonly SeenIndex _index;
    private readonly SeenAllowance _allowance;
    private readonly TimeProvider _time;
    private readonly Arrivals _arrivals = new();
    private readonly Lock _keeping = new();
    private readonly ToldProblems _problems;
    private readonly SeenListing _listing;
    private long _version;

    private SeenCertificates(string name, string folder, int bound, TimeProvider time)
    {
        Name = name;
        Folder = folder;
        _folder = new SeenFolder(folder);
        _problems = new ToldProblems(name);
        _index = new SeenIndex(bound, MaxLoaded);
        _allowance = new SeenAllowance(time);
        _time = time;
        _listing = new SeenListing(_folder, _index, _problems, _keeping, time, Change);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>Where they are kept.</summary>
    public string Folder { get; }

    /// <summary>How many are kept.</summary>
    public int Count => _index.Count;

    /// <summary>All certificates, read from the disk at each call: for a list, not for a message.</summary>
    public IReadOnlyList<PartnerCertificate> All
        => [.. _index.Entries.AsParallel().Select(entry => Load(entry, isKept: false, out _)).OfType<PartnerCertificate>()];

    /// <inheritdoc />
    public long Version => Interlocked.Read(ref _version);

    /// <inheritdoc />
    public IReadOnlyList<SourceProblem> Problems => _problems.Now;

    /// <summary>Looks what is in the folder, which is made when the first certificate is kept.</summary>
    /// <param name="name">The configured name of the source.</param>
    /// <param name="folder">Where the certificates are kept.</param>
    /// <param name="time">The clock.</param>
    public static SeenCertificates Open(string name, string folder, TimeProvider time) => Open(name, folder, MaxCertificates, time);

    /// <summary>Whether keeping a certificate would change nothing that matters, so that nobody need prove anything about it.</summary>
    /// <exception cref="SourceUnreachableException">The folder was never listed, so that nobody knows what is in it.</exception>
    public bool Knows(string address, X509Certificate2 certificate, ReadOnlyMemory<byte> capabilities, DateTimeOffset signedAt)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!MailboxName.TryNormalize(address, out var key))
        {
            return false;
        }

        DemandList();
        if (_index.FindName(SeenFolder.NameOf(key, certificate.RawDataMemory.Span)) is not { } entry || Load(entry, isKept: true, out _) is not { } kept)
        {
            return signedAt <= _index.NewestOf(SeenFolder.DigestOf(key));
        }

        return signedAt <= entry.Signed
            || (signedAt - entry.Signed < GlanceResolution && (capabilities.IsEmpty || kept.Capabilities.Span.SequenceEqual(capabilities.Span)));
    }

    /// <summary>What is kept of exactly this certificate for an address, or null.</summary>
    /// <exception cref="SourceUnreachableException">It is kept and cannot be read, or nobody knows whether it is kept.</exception>
    public PartnerCertificate? Recall(string address, X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!MailboxName.TryNormalize(address, out var key))
        {
            return null;
        }

        DemandList();
        if (_index.FindName(SeenFolder.NameOf(key, certificate.RawDataMemory.Span)) is not { } entry)
        {
            return null;
        }

        var kept = Load(entry, isKept: true, out var problem);
        return problem is not null ? throw new SourceUnreachableException($"{problem.Location}: {problem.Reason}")
            : kept?.Traits.HasAddressKey(key) == true && kept.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span) ? kept
            : null;
    }

    /// <summary>
    /// Keeps a certificate, or notes what its owner announced meanwhile. One that was not known counts only when nothing newer is known of the
    /// address, an announcement only when nothing newer is known of the certificate.
    /// </summary>
    /// <param name="address">The address of the author whose message brought it; the certificate names it.</param>
    /// <param name="certificate">The certificate to encrypt to.</param>
    /// <param name="companions">The certificates above it.</param>
    /// <param name="capabilities">What the author announced, in DER; empty leaves alone what was announced before.</param>
    /// <param name="signedAt">When he signed; whoever calls has seen that it is not long ago, and ahead by no more than clocks are wrong.</param>
    /// <exception cref="ArgumentException">The certificate does not name the address.</exception>
    /// <exception cref="SourceUnreachableException">Nobody knows what is in the folder, and whether the message is older than that.</exception>
    /// <exception cref="IOException">The disk does not take it, or the folder is not the one that was read; the same message counts later.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    public SeenChange Keep(
        string address, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> companions, ReadOnlyMemory<byte> capabilities,
        DateTimeOffset signedAt)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!MailboxName.TryNormalize(address, out var key) || !CertificateTraits.Read(certificate).HasAddressKey(key))
        {
            throw new ArgumentException("A certificate is kept only for an address that it names.", nameof(address));
        }

        DemandList();
        SeenChange change;
        lock (_keeping)
        {
            // What is written beside a share would be hidden by it, and forgotten; and a folder that somebody took away is not made again.
            if (!_listing.IsFolderOurs())
            {
                var problem = _listing.ComplainOfFolder();
                throw new IOException($"{problem.Location}: {problem.Reason}");
            }

            change = Keep(SeenFolder.NameOf(key, certificate.RawDataMemory.Span), signedAt, new SeenRecord
            {
                Address = key,
                Certificate = certificate,
                Companions = companions,
                FirstSeen = _time.GetUtcNow(),
                Capabilities = capabilities,
                Announced = signedAt,
            });
        }

        if (change is SeenChange.New or SeenChange.Capabilities)
        {
            Change();
        }

        return change;
    }

    /// <inheritdoc />
    public ValueTask<PartnerCertificateCollection> FindAsync(string address, CancellationToken cancellationToken)
    {
        if (!MailboxName.TryNormalize(address, out var key))
        {
            return ValueTask.FromResult(PartnerCertificateCollection.Empty);
        }

        _listing.TryList();
        List<PartnerCertificate>? found = null;
        List<SourceProblem>? unread = null;
        var digest = SeenFolder.DigestOf(key);
        if ((_index.Find(digest).Count == 0 || _problems.Has(Folder)) && _listing.FindMounted() is { } problemOfAll)
        {
            unread = [problemOfAll];
        }

        foreach (var entry in _index.Find(digest))
        {
            // The file says for whom it was kept; a name can be given to any file.
            if (Load(entry, isKept: true, out var problem) is { } partner && partner.Traits.HasAddressKey(key))
            {
                (found ??= []).Add(partner);
            }

            // The name of a file tells whose it is, so that it keeps back nobody else's mail; and his only where no other one will do.
            if (problem is not null)
            {
                (unread ??= []).Add(problem with { Conceals = true });
            }
        }

        return ValueTask.FromResult(found is null && unread is null ? PartnerCertificateCollection.Empty : new PartnerCertificateCollection(found ?? [], unread));
    }

    /// <inheritdoc />
    public void OnArrival(Action arrived) => _arrivals.Add(arrived);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static SeenCertificates Open(string name, string folder, int bound, TimeProvider time)
    {
        var opened = new SeenCertificates(name, Path.GetFullPath(folder), bound, time);
        opened._listing.TryList();
        return opened;
    }

    private void DemandList()
    {
        if (!_listing.TryList())
        {
            throw new SourceUnreachableException($"{Folder}: {SeenListing.NotListed}");
        }
    }

    private void Change()
    {
        Interlocked.Increment(ref _version);
        _arrivals.Announce();
    }

    private SeenChange Keep(string name, DateTimeOffset signedAt, SeenRecord now)
    {
        var entry = _index.FindName(name);
        var before = entry is null ? null : _folder.Read(name);
        if (entry is null || before is null)
        {
            // A file that was deleted or damaged is no reason to believe old mail.
            return signedAt > _index.NewestOf(SeenFolder.AddressPartOf(name)) ? Add(name, signedAt, now) : SeenChange.None;
        }

        if (signedAt <= entry.Signed)
        {
            return SeenChange.None;
        }

        // What the disk does not take stays unknown, and the next message that says it is not too old for it.
        if (now.Capabilities.IsEmpty || now.Capabilities.Span.SequenceEqual(before.Capabilities.Span))
        {
            _folder.Touch(name, signedAt);
            entry.Signed = signedAt;
            entry.Restamp(_folder.FindStamp(name) ?? signedAt);
            return SeenChange.None;
        }

        try
        {
            if (!_folder.TryWrite(name, now with { FirstSeen = before.FirstSeen }, signedAt))
            {
                return SeenChange.NoRoom;
            }

            entry.Signed = signedAt;
            return SeenChange.Capabilities;
        }
        finally
        {
            // The time of the file tells others that it changed; within one tick of the clock it does not.
            entry.Forget();
        }
    }

    private SeenChange Add(string name, DateTimeOffset signedAt, SeenRecord now)
    {
        if (now.Certificate.RawDataMemory.Length > MaxCertificateBytes || !_allowance.TryTake(now.Address) || !_folder.TryWrite(name, now, signedAt))
        {
            return SeenChange.NoRoom;
        }

        _listing.Adopt();
        _index.Add(name, signedAt);
        foreach (var oldest in _index.TakeOldest(SeenFolder.AddressPartOf(name)))
        {
            _folder.Remove(oldest);
        }

        return SeenChange.New;
    }

    private PartnerCertificate? Load(SeenEntry entry, bool isKept, out SourceProblem? problem)
    {
        problem = null;
        var place = _folder.PathOf(entry.Name);
        try
        {
            var found = _folder.FindStamp(entry.Name);
            if (found is null)
            {
                if (!_listing.IsFolderOurs())
                {
                    problem = _listing.ComplainOfFolder();
                    return null;
                }

                // The folder may have come back between the two looks.
                found = _folder.FindStamp(entry.Name);
            }

            if (found is not { } stamp)
            {
                // Whoever deletes a file wants the certificate forgotten, now and not after a restart.
                _index.Remove(entry.Name);
                _problems.Settle(place);
                return null;
            }

            if (entry.FindLoaded(stamp) is { } loaded)
            {
                return loaded;
            }

            if (_folder.Read(entry.Name) is not { } record)
            {
                problem = _problems.Complain(place, "it is damaged", "Delete it; the next signed mail of the same author brings the certificate again");
                return null;
            }

            _problems.Settle(place);
            var partner = PartnerCertificate.Of(Name, place, record.Certificate);
            partner = partner with
            {
                Companions = record.Companions,
                Capabilities = record.Capabilities.IsEmpty ? partner.Capabilities : record.Capabilities,
                Announced = record.Capabilities.IsEmpty ? null : record.Announced,
            };
            return isKept ? _index.Remember(entry, partner, stamp) : partner;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = _problems.Complain(place, "the file cannot be read", "Check its rights and its disk");
            return null;
        }
    }
}

/// <summary>What a certificate that was seen meant for those that are kept.</summary>
public enum SeenChange
{
    /// <summary>All of it was known, or is older than what is known.</summary>
    None,

    /// <summary>The certificate was not known.</summary>
    New,

    /// <summary>Its owner announced other capabilities than before.</summary>
    Capabilities,

    /// <summary>It is not kept: too many new certificates came within a day, or it, or what its owner announced, is too large.</summary>
    NoRoom,
}
