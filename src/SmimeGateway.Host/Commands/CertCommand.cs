using System.CommandLine;
using System.Globalization;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Locating;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary><c>cert</c>: the certificates the gateway has, one of them in full, and new ones from the built-in authority.</summary>
internal static class CertCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("cert", "Certificates: list them, show one, issue one, request one and install it.");
        command.Subcommands.Add(CreateList(options));
        command.Subcommands.Add(CreateShow(options));
        command.Subcommands.Add(CreateIssue(options));
        command.Subcommands.Add(CertRequestCommand.Create(options));
        command.Subcommands.Add(CertInstallCommand.Create(options));
        return command;
    }

    private static Command CreateList(SharedOptions options)
    {
        var list = new Command("list", "List all own certificates with the days they have left.");
        list.SetAction((parsed, _) => WithSourcesAsync(options, parsed, sources => List(options, parsed, sources)));
        return list;
    }

    private static Command CreateShow(SharedOptions options)
    {
        var which = new Argument<string>("WHICH") { Description = "An address, a thumbprint, or a serial number." };
        var show = new Command("show", "Show certificates in full.") { which };
        show.SetAction((parsed, _) => WithSourcesAsync(options, parsed, sources => Show(options, parsed, sources, parsed.GetValue(which)!)));
        return show;
    }

    private static Command CreateIssue(SharedOptions options)
    {
        var address = new Argument<string>("ADDRESS") { Description = "The address the certificate is for." };
        var name = new Option<string?>("--source") { Description = "The authority to ask, where there are several.", HelpName = "NAME" };
        var issue = new Command("issue", "Issue a certificate from the built-in authority.") { address, name };
        issue.SetAction((parsed, cancellationToken) => IssueAsync(options, parsed, parsed.GetValue(address)!, parsed.GetValue(name), cancellationToken));
        return issue;
    }

    private static async Task<int> WithSourcesAsync(SharedOptions options, ParseResult parsed, Func<OwnSources, int> answer)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        // To look must not make an authority where none is yet.
        await using var sources = OwnSources.Open(gateway.Certificates.Own, previous: null, TimeProvider.System, keepsIssued: false);
        foreach (var problem in sources.Problems)
        {
            Answer.Complain("warning: " + problem);
        }

        return answer(sources);
    }

    private static int List(SharedOptions options, ParseResult parsed, OwnSources sources)
    {
        var lives = CertificateLives.Of(sources.Certificates, TimeProvider.System.GetUtcNow());
        options.AnswerFor(parsed).Give(
            lives.Select(life => new
            {
                life.Certificate.Source,
                life.Certificate.Traits.Addresses,
                life.DaysLeft,
                life.Certificate.Traits.NotAfter,
                life.Certificate.Traits.KeyAlgorithm,
                life.Certificate.Traits.AllowsSigning,
                life.Certificate.Traits.AllowsEncryption,
                life.Certificate.Traits.SerialNumber,
                life.Certificate.Traits.Thumbprint,
                life.Certificate.Location,
            }),
            console =>
            {
                var table = Answer.Table("Source", "For", "Days left", "Ends", "Key", "Use", "Serial");
                foreach (var life in lives)
                {
                    var traits = life.Certificate.Traits;
                    Answer.AddRow(
                        table,
                        life.Certificate.Source,
                        string.Join(", ", traits.Addresses),
                        life.DaysLeft.ToString(CultureInfo.InvariantCulture),
                        Day(traits.NotAfter),
                        traits.KeyAlgorithm,
                        Use(traits),
                        traits.SerialNumber);
                }

                console.Write(table);
                console.WriteLine($"{lives.Count} certificate(s).");
            });
        return lives.Count > 0 ? ExitCode.Done : ExitCode.No;
    }

    private static int Show(SharedOptions options, ParseResult parsed, OwnSources sources, string which)
    {
        var found = sources.Certificates.Where(certificate => Matches(certificate.Traits, which)).ToList();
        if (found.Count == 0)
        {
            Answer.Complain($"No certificate for \"{which}\". \"smimegateway cert list\" lists those there are.");
            return ExitCode.No;
        }

        var now = TimeProvider.System.GetUtcNow();
        options.AnswerFor(parsed).Give(
            found.Select(certificate => new
            {
                certificate.Source,
                certificate.Location,
                certificate.Traits.Subject,
                certificate.Traits.Issuer,
                certificate.Traits.SerialNumber,
                certificate.Traits.Thumbprint,
                certificate.Traits.Addresses,
                certificate.Traits.NotBefore,
                certificate.Traits.NotAfter,
                DaysLeft = certificate.Traits.DaysLeft(now),
                certificate.Traits.KeyAlgorithm,
                certificate.Traits.AllowsSigning,
                certificate.Traits.AllowsEncryption,
                Chain = certificate.Chain.Select(issuer => issuer.Subject),
                Pem = certificate.Certificate.ExportCertificatePem(),
            }),
            console => found.ForEach(certificate => Write(console, certificate, now)));
        return ExitCode.Done;
    }

    private static void Write(IAnsiConsole console, OwnCertificate certificate, DateTimeOffset now)
    {
        var traits = certificate.Traits;
        var table = Answer.Table("Certificate", traits.Subject);
        Answer.AddRow(table, "for", string.Join(", ", traits.Addresses));
        Answer.AddRow(table, "source", $"{certificate.Source}, {certificate.Location}");
        Answer.AddRow(table, "issued by", traits.Issuer);
        Answer.AddRow(table, "serial", traits.SerialNumber);
        Answer.AddRow(table, "thumbprint", traits.Thumbprint);
        Answer.AddRow(table, "valid", $"{Day(traits.NotBefore)} to {Day(traits.NotAfter)}, {traits.DaysLeft(now)} days left");
        Answer.AddRow(table, "key", traits.KeyAlgorithm);
        Answer.AddRow(table, "use", Use(traits));
        Answer.AddRow(table, "chain", string.Join(" <- ", certificate.Chain.Select(issuer => issuer.Subject)));
        console.Write(table);
        console.WriteLine(certificate.Certificate.ExportCertificatePem());
    }

    private static async Task<int> IssueAsync(SharedOptions options, ParseResult parsed, string address, string? name, CancellationToken cancellationToken)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        await using var sources = OwnSources.Open(gateway.Certificates.Own, previous: null, TimeProvider.System);
        var authority = sources.Authorities.FirstOrDefault(candidate => name is null || candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (authority is null)
        {
            Answer.Complain(name is null ? "The configuration has no built-in authority: add { \"name\": \"local\", \"authority\": \"ca\", \"issueFor\": [...] } to certificates.own." : $"There is no authority \"{name}\".");
            return ExitCode.WrongUsage;
        }

        try
        {
            var issued = await authority.IssueAsync(address, cancellationToken);
            options.AnswerFor(parsed).Give(
                new { issued.Location, issued.Traits.Subject, issued.Traits.SerialNumber, issued.Traits.NotAfter, authority.RootFile },
                console =>
                {
                    Write(console, issued, TimeProvider.System.GetUtcNow());
                    console.WriteLine($"Recipients need the authority's certificate: {authority.RootFile}");
                });
            return ExitCode.Done;
        }
        catch (IssuingRefusedException exception)
        {
            Answer.Complain(exception.Message);
            return ExitCode.No;
        }
    }

    private static bool Matches(CertificateTraits traits, string which) =>
        traits.HasAddress(which)
        || traits.Thumbprint.Equals(which, StringComparison.OrdinalIgnoreCase)
        || traits.SerialNumber.Equals(which, StringComparison.OrdinalIgnoreCase);

    private static string Use(CertificateTraits traits) => (traits.AllowsSigning, traits.AllowsEncryption) switch
    {
        (true, true) => "sign, encrypt",
        (true, false) => "sign",
        (false, true) => "encrypt",
        _ => "neither",
    };

    private static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
