namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>One certificate that was seen, as the index knows it.</summary>
internal sealed class SeenEntry(string name, DateTimeOffset signed)
{
    private long _signed = signed.UtcTicks;
    private volatile Loaded? _loaded;

    /// <summary>The name of its file.</summary>
    public string Name { get; } = name;

    /// <summary>When the newest message was signed that brought it.</summary>
    public DateTimeOffset Signed
    {
        get => new(Interlocked.Read(ref _signed), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _signed, value.UtcTicks);
    }

    /// <summary>What was read from the file, or null when it was not, or the file changed since.</summary>
    public PartnerCertificate? FindLoaded(DateTimeOffset stamp) => _loaded is { } loaded && loaded.Stamp == stamp ? loaded.Partner : null;

    /// <summary>Remembers what was read from the file; true when nothing was remembered before.</summary>
    public bool Remember(PartnerCertificate partner, DateTimeOffset stamp)
    {
        var isFirst = _loaded is null;
        _loaded = new Loaded(partner, stamp);
        return isFirst;
    }

    /// <summary>Takes the file for the one that was read, although it bears another time now.</summary>
    public void Restamp(DateTimeOffset stamp)
    {
        if (_loaded is { } loaded)
        {
            _loaded = loaded with { Stamp = stamp };
        }
    }

    /// <summary>Forgets what was read.</summary>
    public void Forget() => _loaded = null;

    private sealed record Loaded(PartnerCertificate Partner, DateTimeOffset Stamp);
}
