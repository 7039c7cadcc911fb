namespace SmimeGateway.Certificates.Watching;

/// <summary>Tells which certificates expire when.</summary>
public static class CertificateLives
{
    /// <summary>The numbers of days at which somebody should hear of it.</summary>
    public static IReadOnlyList<int> Thresholds { get; } = [30, 14, 7, 1];

    /// <summary>The lives of all certificates, the one that ends soonest first.</summary>
    public static IReadOnlyList<CertificateLife> Of(IEnumerable<OwnCertificate> certificates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var all = certificates.ToList();
        var ends = new Dictionary<(string Address, bool ForSigning), DateTimeOffset>();
        foreach (var (use, traits) in all.SelectMany(own => Uses(own.Traits).Select(use => (use, own.Traits))))
        {
            if (traits.Fault is null && traits.NotBefore <= now && (!ends.TryGetValue(use, out var end) || end < traits.NotAfter))
            {
                ends[use] = traits.NotAfter;
            }
        }

        return [.. all.OrderBy(own => own.Traits.NotAfter).Select(own => LifeOf(own, now, ends))];
    }

    private static CertificateLife LifeOf(OwnCertificate own, DateTimeOffset now, Dictionary<(string Address, bool ForSigning), DateTimeOffset> ends)
    {
        var traits = own.Traits;
        var daysLeft = traits.DaysLeft(now);
        var uses = Uses(traits).ToList();
        return new CertificateLife(
            own,
            daysLeft,
            traits.NotAfter < now,
            Thresholds.Where(days => daysLeft <= days).Select(days => (int?)days).LastOrDefault(),
            uses.Count > 0 && uses.TrueForAll(use => ends.TryGetValue(use, out var end) && end > traits.NotAfter));
    }

    // Signing and encryption are looked at apart: a new signing certificate does not replace an encryption certificate.
    private static IEnumerable<(string Address, bool ForSigning)> Uses(CertificateTraits traits) =>
        traits.AddressKeys.SelectMany(IEnumerable<(string, bool)> (key) => (traits.AllowsSigning, traits.AllowsEncryption) switch
        {
            (true, true) => [(key, true), (key, false)],
            (true, false) => [(key, true)],
            (false, true) => [(key, false)],
            _ => [],
        });
}
