using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Opening;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>
/// The certificates of those a message may be for, as issuer and serial number tell people little. Only they are looked for: a source may
/// have a hundred thousand others.
/// </summary>
internal sealed class KnownCertificates
{
    private readonly IReadOnlyList<PartnerCertificate> _certificates;

    private KnownCertificates(IReadOnlyList<PartnerCertificate> certificates) => _certificates = certificates;

    /// <summary>Asks every source of partners for some addresses; one that cannot be asked is left out.</summary>
    public static async Task<KnownCertificates> FindAsync(
        GatewayOptions gateway, PartnerSources partners, IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        var found = new List<PartnerCertificate>();
        foreach (var address in addresses.DistinctBy(ComparableAddress.Of))
        {
            foreach (var source in gateway.Certificates.Partners.Select(partner => partners.Find(partner.Name)).OfType<IPartnerSource>())
            {
                try
                {
                    found.AddRange(await source.FindAsync(address, cancellationToken));
                }
                catch (SourceUnreachableException)
                {
                    // The message is shown all the same; its recipient is called by the number of the certificate then.
                }
            }
        }

        return new KnownCertificates(found);
    }

    /// <summary>The addresses that a message's header names as sender and recipients.</summary>
    public static IEnumerable<string> AddressesIn(ReadOnlyMemory<byte> message) =>
        Entity.TryParse(message, MimeLimits.Standard, out var entity, out _)
            ? entity.Header
                .Where(field => field.Is("From") || field.Is("To") || field.Is("Cc"))
                .SelectMany(field => AddressList.TryParse(field.Body, out var mailboxes) ? mailboxes.Select(mailbox => mailbox.Address) : [])
            : [];

    /// <summary>The addresses of the certificate that a recipient is named by; none when it is not known.</summary>
    public IReadOnlyList<string> AddressesOf(LayerRecipient recipient) => recipient switch
    {
        { Own: { } own } => own.Traits.Addresses,
        { Identifier: { } identifier } => _certificates.FirstOrDefault(partner => identifier.Names(partner.Certificate))?.Traits.Addresses ?? [],
        _ => [],
    };
}
