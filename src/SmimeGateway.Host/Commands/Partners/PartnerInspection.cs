using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Host.Commands.Certificates;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Commands.Partners;

/// <summary>Judges partners' certificates as the message path would, and says why.</summary>
/// <param name="opened">The opened sources.</param>
/// <param name="now">The moment at which certificates are judged.</param>
internal sealed class PartnerInspection(OpenedCertificates opened, DateTimeOffset now)
{
    private readonly KeyFitness _fitness = new(opened.Gateway.Rules, opened.Gateway.Encryption);

    /// <summary>What every source has for an address: those that are taken first.</summary>
    /// <param name="address">The address.</param>
    /// <param name="silent">Sources that have nothing, or could not be asked, with the reason.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<IReadOnlyList<PartnerEntry>> LookUpAsync(
        string address, IList<SilentSource> silent, CancellationToken cancellationToken)
    {
        var entries = new List<PartnerEntry>();
        foreach (var options in opened.Gateway.Certificates.Partners)
        {
            if (opened.Partners.Find(options.Name) is not { } source)
            {
                continue;
            }

            try
            {
                var found = await source.FindAsync(address, cancellationToken);
                entries.AddRange(Judge(address, found));
                if (found.Unread is [var unread, ..])
                {
                    silent.Add(new SilentSource(source.Name, $"{unread.Location}: {unread.Reason}", IsUnreachable: true));
                }
                else if (found.Count == 0)
                {
                    silent.Add(new SilentSource(source.Name, "no certificate names the address", IsUnreachable: false));
                }
            }
            catch (SourceUnreachableException exception)
            {
                silent.Add(new SilentSource(source.Name, exception.Message, IsUnreachable: true));
            }
        }

        return entries;
    }

    /// <summary>Every certificate at hand.</summary>
    public IReadOnlyList<PartnerEntry> List() => [.. opened.Partners.Certificates.Select(Judge)];

    /// <summary>A certificate, judged for the first address it names.</summary>
    public PartnerEntry Judge(PartnerCertificate partner) => partner.Traits.Addresses.Count == 0
        ? Entry(partner, partner.Traits.Fault ?? "it names no address")
        : Judge(partner.Traits.Addresses[0], [partner])[0];

    private List<PartnerEntry> Judge(string address, IReadOnlyList<PartnerCertificate> candidates)
    {
        var choice = EncryptionChoice.Choose(address, candidates, opened.Partners.Trust, now);
        return
        [
            .. choice.Chosen.Select(chosen => Entry(chosen, refusal: null)),
            .. choice.Refusals.Select(refused => Entry(refused.Certificate, refused.Reason)),
        ];
    }

    private PartnerEntry Entry(PartnerCertificate partner, string? refusal) => PartnerEntry.Of(partner, refusal, _fitness, now);
}
