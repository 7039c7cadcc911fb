using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Certificates.Choosing;

/// <summary>
/// The certificates to encrypt to for one address, and why not the others: all that name it, are valid now, may be encrypted to and are
/// trusted. A certificate that is not usable never blocks another.
/// </summary>
/// <remarks>
/// Signing takes the one certificate meant for it; encryption takes all usable ones, also a dual-use one beside one meant for encryption
/// alone: nobody knows from here which of his keys the owner has at hand on which device.
/// </remarks>
public sealed class EncryptionChoice
{
    private readonly string _address;
    private string? _reason;

    private EncryptionChoice(string address, IReadOnlyList<PartnerCertificate> chosen, IReadOnlyList<PartnerRefusal> refusals, string? reason)
    {
        _address = address;
        Chosen = chosen;
        Refusals = refusals;
        _reason = reason;
    }

    /// <summary>The certificates to encrypt to, one meant for encryption alone first, then the one valid longest; empty when none is usable.</summary>
    public IReadOnlyList<PartnerCertificate> Chosen { get; }

    /// <summary>The certificates that were considered and not taken.</summary>
    public IReadOnlyList<PartnerRefusal> Refusals { get; }

    /// <summary>What was chosen, or why nothing was, in one sentence.</summary>
    public string Reason => _reason ??= Describe();

    /// <summary>Chooses for an address. Cheap for certificates that were asked about within the last minute, as verdicts are remembered.</summary>
    /// <param name="address">The recipient.</param>
    /// <param name="candidates">
    /// What the sources hold for the address. Where the same certificate comes from several, the first stands for all, with the capabilities
    /// of the first that knows some.
    /// </param>
    /// <param name="trust">Judges the certificates that nobody vouches for.</param>
    /// <param name="now">The moment at which they must be valid.</param>
    public static EncryptionChoice Choose(string address, IEnumerable<PartnerCertificate> candidates, TrustStore trust, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(trust);
        if (!MailboxName.TryNormalize(address, out var key))
        {
            return new EncryptionChoice(address, [], [], $"{PrintableText.Of(address)} is no plausible mailbox");
        }

        List<PartnerRefusal>? refusals = null;
        List<PartnerCertificate>? usable = null;
        foreach (var candidate in candidates)
        {
            var reason = candidate.Traits.HasAddressKey(key)
                ? Refuse(candidate, now)
                : $"it does not name {PrintableText.Of(address)}";
            if (reason is null && FindSame(usable, candidate) is >= 0 and var same)
            {
                reason = $"it is the same certificate as in {usable![same].Location}";
                if (usable[same].Capabilities.IsEmpty)
                {
                    usable[same] = usable[same] with { Capabilities = candidate.Capabilities, Announced = candidate.Announced };
                }
            }

            var isUntrusted = reason is null && (reason = Distrust(candidate, trust, now)) is not null;
            if (reason is null)
            {
                (usable ??= []).Add(candidate);
            }
            else
            {
                (refusals ??= []).Add(new PartnerRefusal(candidate, reason) { IsUntrusted = isUntrusted });
            }
        }

        usable?.Sort(static (left, right) => ByMerit(left.Traits, right.Traits));
        return new EncryptionChoice(address, usable ?? [], refusals ?? [], reason: null);
    }

    private static string? Refuse(PartnerCertificate candidate, DateTimeOffset now)
        => LifeCheck.Refuse(candidate.Traits, now)
            ?? (candidate.Traits.AllowsEncryption ? null : "its key usage or extended key usage does not allow mail to be encrypted to it");

    private static string? Distrust(PartnerCertificate candidate, TrustStore trust, DateTimeOffset now)
    {
        if (candidate.IsVouchedFor)
        {
            return null;
        }

        var verdict = trust.JudgeOrRemember(candidate.Certificate, candidate.Companions, now);
        return verdict.IsTrusted ? null : $"it is not trusted: {string.Join("; ", verdict.Reasons)}{RemedyOf(verdict)}";
    }

    private static string RemedyOf(TrustVerdict verdict) =>
        verdict.Reasons.Any(reason => reason.EndsWith(TrustReasons.UntrustedRoot, StringComparison.Ordinal))
            ? " (add it to certificates.trust.roots, or write \"accept\": \"all\" for a folder of certificates that you vouch for)"
            : string.Empty;

    private static int FindSame(List<PartnerCertificate>? usable, PartnerCertificate candidate)
        => usable?.FindIndex(other => other.Traits.Thumbprint == candidate.Traits.Thumbprint
            && other.Certificate.RawDataMemory.Span.SequenceEqual(candidate.Certificate.RawDataMemory.Span)) ?? -1;

    private static int ByMerit(CertificateTraits left, CertificateTraits right)
    {
        var byPurpose = left.AllowsSigning.CompareTo(right.AllowsSigning);
        return byPurpose != 0 ? byPurpose : LifeCheck.LongestFirst(left, right);
    }

    private string Describe()
    {
        var address = PrintableText.Of(_address);
        if (Chosen.Count > 0)
        {
            return $"{address} has {string.Join(", ", Chosen.Select(Describe))}";
        }

        return Refusals.Count == 0
            ? $"no certificate names {address}"
            : "no certificate is usable: " + string.Join("; ", Refusals);
    }

    private static string Describe(PartnerCertificate partner)
    {
        var warning = partner.Traits.HasWeakKey ? $", whose {partner.Traits.KeyAlgorithm} key is weak" : "";
        return $"{partner}, valid until {LifeCheck.Day(partner.Traits.NotAfter)}{warning}";
    }
}
