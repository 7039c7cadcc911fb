namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>Which certificates were seen, by the digest of their address. Safe for all threads.</summary>
internal sealed class SeenIndex(int bound, int maxLoaded)
{
    /// <summary>Who renews his certificate every year has no more; mail is encrypted to all that are valid.</summary>
    private const int MaxForAddress = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SeenEntry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SeenEntry[]> _byAddress = new(StringComparer.Ordinal);
    private int _loaded;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byName.Count;
            }
        }
    }

    /// <summary>All of them as of now.</summary>
    public IReadOnlyList<SeenEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _byName.Values];
            }
        }
    }

    /// <summary>Takes in what is in the folder, up to the bound, the newest first. A file from the future is taken for one of now.</summary>
    public void Fill(IReadOnlyList<(string Name, DateTimeOffset Signed)> files, DateTimeOffset now)
    {
        foreach (var (name, signed) in files.Count > bound ? files.OrderByDescending(file => file.Signed).Take(bound) : files)
        {
            Add(name, signed < now ? signed : now);
        }
    }

    /// <summary>When the newest message was signed that brought any certificate of an address; long ago when none did.</summary>
    public DateTimeOffset NewestOf(string addressDigest) =>
        Find(addressDigest).Select(entry => entry.Signed).DefaultIfEmpty(DateTimeOffset.MinValue).Max();

    /// <summary>The certificates of an address.</summary>
    public IReadOnlyList<SeenEntry> Find(string addressDigest)
    {
        lock (_gate)
        {
            return _byAddress.TryGetValue(addressDigest, out var found) ? found : [];
        }
    }

    /// <summary>The certificate whose file has this name, or null.</summary>
    public SeenEntry? FindName(string name)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    /// <summary>Adds one, or replaces what is known of it.</summary>
    public void Add(string name, DateTimeOffset signed)
    {
        lock (_gate)
        {
            Remove(name);
            var entry = new SeenEntry(name, signed);
            _byName[name] = entry;
            var address = SeenFolder.AddressPartOf(name);
            _byAddress[address] = _byAddress.TryGetValue(address, out var same) ? [.. same, entry] : [entry];
        }
    }

    /// <summary>Forgets one.</summary>
    public void Remove(string name)
    {
        lock (_gate)
        {
            if (!_byName.Remove(name, out var entry))
            {
                return;
            }

            var address = SeenFolder.AddressPartOf(name);
            SeenEntry[] rest = [.. _byAddress[address].Where(other => other != entry)];
            if (rest.Length > 0)
            {
                _byAddress[address] = rest;
            }
            else
            {
                _byAddress.Remove(address);
            }
        }
    }

    /// <summary>
    /// Takes out those not signed with for the longest time, of an address and of all, where there are too many. Of all some more are taken, as
    /// sorting them takes its time.
    /// </summary>
    public IReadOnlyList<string> TakeOldest(string addressDigest)
    {
        lock (_gate)
        {
            var oldest = Oldest(Find(addressDigest), MaxForAddress, margin: 0).ToList();
            oldest.ForEach(Remove);
            var oldestOfAll = Oldest(_byName.Values, bound, margin: bound / 100).ToList();
            oldestOfAll.ForEach(Remove);
            return [.. oldest, .. oldestOfAll];
        }
    }

    /// <summary>Remembers what was read of one. When too many are remembered all are forgotten; those in use soon come back.</summary>
    public PartnerCertificate Remember(SeenEntry entry, PartnerCertificate partner, DateTimeOffset stamp)
    {
        lock (_gate)
        {
            if (_loaded >= maxLoaded)
            {
                foreach (var other in _byName.Values)
                {
                    other.Forget();
                }

                _loaded = 0;
            }

            _loaded += entry.Remember(partner, stamp) ? 1 : 0;
            return partner;
        }
    }

    private static IEnumerable<string> Oldest(IReadOnlyCollection<SeenEntry> entries, int bound, int margin)
        => entries.Count <= bound ? [] : entries.OrderBy(entry => entry.Signed).Take(entries.Count - bound + margin).Select(entry => entry.Name);
}
