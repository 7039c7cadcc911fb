using System.CommandLine;
using System.Globalization;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary><c>cert list</c>: all certificates, the one that ends soonest first.</summary>
internal static class CertListCommand
{
    public static Command Create(SharedOptions options)
    {
        var kind = new Option<string?>("--kind") { Description = "Only own certificates, or only those of partners.", HelpName = "own|partner" };
        kind.AcceptOnlyFromAmong("own", "partner");
        var list = new Command("list", "List all certificates, own and partners', with the days they have left.") { kind };
        list.SetAction((parsed, _) => OpenedCertificates.UseAsync(
            options.PathFrom(parsed), opened => Task.FromResult(List(options, parsed, opened, parsed.GetValue(kind) switch
            {
                "own" => CertificateKind.Own,
                "partner" => CertificateKind.Partner,
                _ => null,
            }))));
        return list;
    }

    private static int List(SharedOptions options, ParseResult parsed, OpenedCertificates opened, CertificateKind? kind)
    {
        var now = TimeProvider.System.GetUtcNow();
        var listed = opened.All.Where(certificate => kind is null || certificate.Kind == kind).OrderBy(certificate => certificate.Traits.NotAfter).ToList();
        options.AnswerFor(parsed).Give(
            listed.Select(certificate => new
            {
                certificate.Kind,
                certificate.Source,
                certificate.Traits.Addresses,
                DaysLeft = certificate.Traits.DaysLeft(now),
                certificate.Traits.NotAfter,
                certificate.Traits.KeyAlgorithm,
                certificate.Traits.AllowsSigning,
                certificate.Traits.AllowsEncryption,
                certificate.Traits.SerialNumber,
                certificate.Traits.Thumbprint,
                certificate.Location,
            }),
            console =>
            {
                var table = new AnswerTable("Kind", "Source", "For", "Days left", "Ends", "Key", "Use", "Serial");
                foreach (var certificate in listed)
                {
                    var traits = certificate.Traits;
                    table.Add(
                        certificate.Kind == CertificateKind.Own ? "own" : "partner",
                        certificate.Source,
                        string.Join(", ", traits.Addresses),
                        traits.DaysLeft(now).ToString(CultureInfo.InvariantCulture),
                        ListedCertificate.Day(traits.NotAfter),
                        traits.KeyAlgorithm,
                        certificate.Use,
                        traits.SerialNumber);
                }

                console.Write(table);
                console.WriteLine($"{listed.Count} certificate(s).");
            });
        return listed.Count > 0 ? ExitCode.Done : ExitCode.No;
    }
}
