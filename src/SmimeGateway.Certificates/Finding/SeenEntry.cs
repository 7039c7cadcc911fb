namespace SmimeGateway.Certificates.Finding;

/// <summary>One certificate that was seen, as the index knows it.</summary>
internal sealed class SeenEntry(string name, DateTimeOffset lastSeen, DateTimeOffset announced)
{
    private long _lastSeen = lastSeen.UtcTicks;
    private volatile Loaded? _loaded;

    /// <summary>The name of its file.</summary>
    public string Name { get; } = name;

    /// <summary>When it was last seen, to within a day.</summary>
    public DateTimeOffset LastSeen
    {
        get => new(Interlocked.Read(ref _lastSeen), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _lastSeen, value.UtcTicks);
    }

    /// <summary>When the newest announcement was signed that was seen since the start.</summary>
    public DateTimeOffset Announced { get; set; } = announced;

    /// <summary>What was read from the file, or null when it was not, or the file changed since.</summary>
    public PartnerCertificate? FindLoaded(DateTimeOffset stamp) => _loaded is { } loaded && loaded.Stamp == stamp ? loaded.Partner : null;

    /// <summary>Remembers what was read from the file; true when nothing was remembered before.</summary>
    public bool Remember(PartnerCertificate partner, DateTimeOffset stamp)
    {
        var isFirst = _loaded is null;
        _loaded = new Loaded(partner, stamp);
        return isFirst;
    }

    /// <summary>Forgets what was read.</summary>
    public void Forget() => _loaded = null;

    private sealed record Loaded(PartnerCertificate Partner, DateTimeOffset Stamp);
}
