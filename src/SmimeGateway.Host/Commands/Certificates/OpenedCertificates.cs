using SmimeGateway.Locating;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary>All sources of certificates, own and partners', opened to be looked at: nothing is written, issued or kept.</summary>
internal sealed class OpenedCertificates : IAsyncDisposable
{
    private OpenedCertificates(GatewayOptions gateway)
    {
        Gateway = gateway;

        // To look must not make an authority where none is yet.
        Own = OwnSources.Open(gateway.Certificates.Own, previous: null, TimeProvider.System, keepsIssued: false);
        Partners = PartnerSources.Open(gateway.Certificates, Own, gateway.DataFolder, previous: null, TimeProvider.System);
    }

    /// <summary>The configuration that names them.</summary>
    public GatewayOptions Gateway { get; }

    /// <summary>Certificates with private keys.</summary>
    public OwnSources Own { get; }

    /// <summary>Certificates to encrypt to, and whom they are judged by.</summary>
    public PartnerSources Partners { get; }

    /// <summary>All of them, those of partners after the own ones.</summary>
    public IEnumerable<ListedCertificate> All =>
    [
        .. Own.Certificates.Select(own => new ListedCertificate(CertificateKind.Own, own.Source, own.Location, own.Certificate, own.Traits, own.Chain)),
        .. Partners.Certificates.Select(partner => new ListedCertificate(
            CertificateKind.Partner, partner.Source, partner.Location, partner.Certificate, partner.Traits, partner.Companions)),
    ];

    /// <summary>Opens what the configuration names, has a command look at it, and closes it; files that cannot be read are told first.</summary>
    public static async Task<int> UseAsync(string configuration, Func<OpenedCertificates, Task<int>> look)
    {
        if (LoadedConfiguration.Load(configuration) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        await using var opened = new OpenedCertificates(gateway);
        foreach (var problem in opened.Own.Problems.Concat(opened.Partners.Problems))
        {
            Answer.Complain("warning: " + problem);
        }

        return await look(opened);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Partners.DisposeAsync();
        await Own.DisposeAsync();
    }
}
