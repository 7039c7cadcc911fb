using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Requesting;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Host.Configuration.Checking;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary><c>cert install</c>: joins the certificate that an authority issued with the key that waits for it, and puts both in place.</summary>
internal static class CertInstallCommand
{
    public static Command Create(SharedOptions options)
    {
        var issued = new Argument<string>("FILE") { Description = "What the authority sent: PEM, DER or PKCS #7, with or without the issuers." };
        var chain = new Option<string[]>("--chain") { Description = "Files with the issuers, where the authority sent them apart.", HelpName = "FILE" };
        var choice = new InstallTargetChoice();
        var install = new Command("install", "Join an issued certificate with its waiting key, and write both where a listener reads them, or to a file.") { issued, chain };
        choice.AddTo(install);
        install.SetAction((parsed, _) => Task.FromResult(Install(options, choice, parsed, parsed.GetValue(issued)!, parsed.GetValue(chain) ?? [])));
        return install;
    }

    private static int Install(SharedOptions options, InstallTargetChoice choice, ParseResult parsed, string issued, IReadOnlyList<string> chain)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway || choice.Find(parsed, gateway) is not { } target)
        {
            return ExitCode.WrongUsage;
        }

        try
        {
            var files = AuthorityFiles.Load([issued, .. chain]);
            if (files.Problems.Count > 0)
            {
                files.Problems.ToList().ForEach(problem => Answer.Complain($"{problem.Location}: {problem.Reason}. {problem.Remedy}."));
                return ExitCode.WrongUsage;
            }

            var pending = new PendingKeys(Path.Combine(gateway.DataFolder, CertRequestCommand.PendingFolder));
            if (files.Certificates.Select(certificate => (certificate, Key: pending.Find(certificate))).FirstOrDefault(pair => pair.Key is not null) is not ({ } certificate, { } key))
            {
                Answer.Complain($"No key waits for a certificate in {issued}: it answers none of the requests made here with \"smimegateway cert request\".");
                return ExitCode.No;
            }

            // The root is what the others must have themselves.
            var issuers = files.Certificates.Where(other => !other.Equals(certificate) && !CertificateTraits.Read(other).IsSelfSigned).ToList();
            using (var whole = KeyAndCertificate.Join(certificate, key, issuers))
            {
                target.Write(whole);
            }

            pending.Remove(certificate);
            Tell(options.AnswerFor(parsed), certificate, issuers, target, gateway.HostName);
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            Answer.Complain($"Nothing was installed: {FileHindrance.WithPlace(exception)}.");
            return ExitCode.No;
        }
    }

    private static void Tell(Answer answer, X509Certificate2 certificate, List<X509Certificate2> issuers, InstallTarget target, string hostName)
    {
        var traits = CertificateTraits.Read(certificate);
        var tls = TlsTraits.Read(certificate);
        string[] purposes =
        [
            .. tls.AllowsServers ? ["TLS servers"] : Array.Empty<string>(),
            .. tls.AllowsClients ? ["TLS clients"] : Array.Empty<string>(),
            .. traits.AllowsSigning ? ["signing mail"] : Array.Empty<string>(),
            .. traits.AllowsEncryption ? ["encrypting mail"] : Array.Empty<string>(),
        ];
        string[] warnings = [.. target.Listener is null ? [] : ServerCertificateWarnings.Find(certificate, hostName, TimeProvider.System.GetUtcNow())];
        answer.Give(
            new { traits.Subject, traits.Issuer, traits.NotBefore, traits.NotAfter, Purposes = purposes, tls.Names, traits.Addresses, Issuers = issuers.Count, target.Files, Warnings = warnings },
            console =>
            {
                var table = new AnswerTable("Certificate", traits.Subject);
                table.Add("issued by", traits.Issuer);
                table.Add("valid", string.Create(CultureInfo.InvariantCulture, $"{traits.NotBefore:yyyy-MM-dd} to {traits.NotAfter:yyyy-MM-dd}, {traits.DaysLeft(TimeProvider.System.GetUtcNow())} days left"));
                table.Add("names", string.Join(", ", tls.Names.Concat(traits.Addresses)));
                table.Add("good for", string.Join(", ", purposes));
                table.Add("issuers with it", issuers.Count.ToString(CultureInfo.InvariantCulture));
                table.Add("written to", string.Join(", ", target.Files));
                console.Write(table);
                foreach (var warning in warnings)
                {
                    console.WriteLine("warning: " + warning);
                }
            });
    }
}
