using System.CommandLine;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Host.Commands.Certificates;
using SmimeGateway.Host.Commands.Partners;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Commands;

/// <summary><c>cert</c>: the certificates the gateway has, and new ones from the built-in authority.</summary>
internal static class CertCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("cert", "Certificates: list, show, import and export them, issue one, request one and install it.");
        command.Subcommands.Add(CertListCommand.Create(options));
        command.Subcommands.Add(CertShowCommand.CreateShow(options));
        command.Subcommands.Add(CertImportCommand.Create(options));
        command.Subcommands.Add(CertShowCommand.CreateExport(options));
        command.Subcommands.Add(CreateIssue(options));
        command.Subcommands.Add(CertRequestCommand.Create(options));
        command.Subcommands.Add(CertInstallCommand.Create(options));
        return command;
    }

    private static Command CreateIssue(SharedOptions options)
    {
        var address = new Argument<string>("ADDRESS") { Description = "The address the certificate is for." };
        var name = new Option<string?>("--source") { Description = "The authority to ask, where there are several.", HelpName = "NAME" };
        var issue = new Command("issue", "Issue a certificate from the built-in authority.") { address, name };
        issue.SetAction((parsed, cancellationToken) => IssueAsync(options, parsed, parsed.GetValue(address)!, parsed.GetValue(name), cancellationToken));
        return issue;
    }

    private static async Task<int> IssueAsync(SharedOptions options, ParseResult parsed, string address, string? name, CancellationToken cancellationToken)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        await using var sources = OwnSources.Open(gateway.Certificates.Own, previous: null, TimeProvider.System, announce: gateway.Encryption.Announce);
        var authority = sources.Authorities.FirstOrDefault(candidate => name is null || candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (authority is null)
        {
            var closed = sources.Unopened.Where(problem => name is null || problem.Source.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (closed.Count > 0)
            {
                closed.ForEach(problem => Answer.Complain($"{problem}."));
                return ExitCode.No;
            }

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
                    var listed = new ListedCertificate(CertificateKind.Own, issued.Source, issued.Location, issued.Certificate, issued.Traits, issued.Chain);
                    CertShowCommand.Write(console, listed, TimeProvider.System.GetUtcNow());
                    console.WriteLine($"Recipients need the authority's certificate: {authority.RootFile}");
                });
            return ExitCode.Done;
        }
        catch (IssuingRefusedException exception)
        {
            Answer.Complain($"{exception.Message.TrimEnd('.')}.");
            return ExitCode.No;
        }
    }
}
