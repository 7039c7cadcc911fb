using System.CommandLine;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary><c>cert show</c> and <c>cert export</c>: certificates in full, or as files for somebody else.</summary>
internal static class CertShowCommand
{
    public static Command CreateShow(SharedOptions options)
    {
        var which = Which();
        var show = new Command("show", "Show certificates in full, own and partners'.") { which };
        show.SetAction((parsed, _) => OpenedCertificates.UseAsync(
            options.PathFrom(parsed), opened => Task.FromResult(Show(options, parsed, opened, parsed.GetValue(which)!))));
        return show;
    }

    public static Command CreateExport(SharedOptions options)
    {
        var which = Which();
        var output = new Option<FileInfo?>("--out") { Description = "Write them here; without it, to standard output.", HelpName = "FILE" };
        var chain = new Option<bool>("--chain") { Description = "Write the issuers that came along too." };
        var export = new Command("export", "Write certificates as PEM, never their keys, to give them to somebody.") { which, output, chain };
        export.SetAction((parsed, _) => OpenedCertificates.UseAsync(
            options.PathFrom(parsed),
            opened => Task.FromResult(Export(options, parsed, opened, parsed.GetValue(which)!, parsed.GetValue(output), parsed.GetValue(chain)))));
        return export;
    }

    /// <summary>Writes one certificate as a table and as PEM.</summary>
    public static void Write(PlainConsole console, ListedCertificate certificate, DateTimeOffset now)
    {
        var traits = certificate.Traits;
        var table = new AnswerTable("Certificate", traits.Subject);
        table.Add("for", string.Join(", ", traits.Addresses));
        table.Add("kind", certificate.Kind == CertificateKind.Own ? "own, with its private key" : "of a partner");
        table.Add("source", $"{certificate.Source}, {certificate.Location}");
        table.Add("issued by", traits.Issuer);
        table.Add("serial", traits.SerialNumber);
        table.Add("thumbprint", traits.Thumbprint);
        table.Add("valid", $"{ListedCertificate.Day(traits.NotBefore)} to {ListedCertificate.Day(traits.NotAfter)}, {traits.DaysLeft(now)} days left");
        table.Add("key", traits.KeyAlgorithm);
        table.Add("use", certificate.Use);
        table.Add("chain", string.Join(" <- ", certificate.Chain.Select(issuer => issuer.Subject)));
        console.Write(table);
        console.WriteLines(certificate.Certificate.ExportCertificatePem());
    }

    private static Argument<string> Which() => new("WHICH") { Description = "An address, a thumbprint, or a serial number." };

    private static int Show(SharedOptions options, ParseResult parsed, OpenedCertificates opened, string which)
    {
        var found = Find(opened, which);
        var now = TimeProvider.System.GetUtcNow();
        if (found.Count == 0)
        {
            return ExitCode.No;
        }

        options.AnswerFor(parsed).Give(
            found.Select(certificate => new
            {
                certificate.Kind,
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

    private static int Export(
        SharedOptions options, ParseResult parsed, OpenedCertificates opened, string which, FileInfo? output, bool withChain)
    {
        var found = Find(opened, which);
        if (found.Count == 0)
        {
            return ExitCode.No;
        }

        var certificates = found.Select(certificate => certificate.Certificate).Concat(withChain ? found.SelectMany(certificate => certificate.Chain) : []);
        var pem = string.Concat(certificates.DistinctBy(certificate => certificate.Thumbprint).Select(certificate => certificate.ExportCertificatePem() + "\n"));
        try
        {
            if (output is not null)
            {
                File.WriteAllText(output.FullName, pem);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"{output!.FullName} cannot be written: {FileHindrance.OfMaking(exception, output!.FullName)}.");
            return ExitCode.WrongUsage;
        }

        options.AnswerFor(parsed).Give(
            new { Certificates = found.Count, File = output?.FullName, Pem = pem },
            console => console.WriteLines(output is null ? pem.TrimEnd() : $"{found.Count} certificate(s) written to {output.FullName}."));
        return ExitCode.Done;
    }

    private static List<ListedCertificate> Find(OpenedCertificates opened, string which)
    {
        var found = opened.All.Where(certificate => certificate.IsMeantBy(which)).ToList();
        if (found.Count == 0)
        {
            Answer.Complain($"No certificate for \"{which}\". \"smimegateway cert list\" lists those there are.");
        }

        return found;
    }
}
