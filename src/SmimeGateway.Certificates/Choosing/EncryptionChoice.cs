using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Certificates.Choosing;

/// <summary>
/// The certificates to encrypt to for one address, and why not the others: all that name it, are valid now, may be encrypted to and are
/// trusted. A certificate that is not usable never blocks another.
/// </summary>
public sealed class EncryptionChoice
{
    private EncryptionChoice(IReadOnlyList<PartnerCertificate> chosen, IReadOnlyList<PartnerRefusal> refusals, string reason)
    {
        Chosen = chosen;
        Refusals = refusals;
        Reason = reason;
    }

    /// <summary>The certificates to encrypt to, the one valid longest first; empty when none is usable.</summary>
    public IReadOnlyList<PartnerCertificate> Chosen { get; }

    /// <summary>The certificates that were considered and not taken.</summary>
    public IReadOnlyList<PartnerRefusal> Refusals { get; }

    /// <summary>What was chosen, or why nothing was, in one sentence.</summary>
    public string Reason { get; }

    /// <summary>Chooses for an address.</summary>
    public static EncryptionChoice Choose(string address, IEnumerable<PartnerCertificate> candidates, TrustStore trust, DateTimeOffset now) =>
        new([], [], $"{address}{candidates}{trust}{now}");
}
