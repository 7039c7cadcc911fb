using System.CommandLine;
using System.Globalization;
using SmimeGateway.Locating;
using SmimeGateway.Opening;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary><c>verify</c>: what the gateway thinks of the signatures of a message in a file.</summary>
internal static class VerifyCommand
{
    public static Command Create(SharedOptions options)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The message, as .eml." };
        var command = new Command("verify", "Verify the signatures of a message.") { file };
        command.SetAction((parsed, cancellationToken) => VerifyAsync(options, parsed, parsed.GetValue(file)!, cancellationToken));
        return command;
    }

    private static async Task<int> VerifyAsync(SharedOptions options, ParseResult parsed, FileInfo file, CancellationToken cancellationToken)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        if (!file.Exists)
        {
            Answer.Complain($"{file.FullName} does not exist.");
            return ExitCode.WrongUsage;
        }

        var message = LineEnds.ToCrLf(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
        var trust = TrustAnchors.Load(gateway.Certificates);
        var report = new SignatureCheck(trust).Verify(message, TimeProvider.System.GetUtcNow());

        options.AnswerFor(parsed).Give(
            new { report.IsGood, report.Form, report.Fault, report.Signers },
            console =>
            {
                if (report.Fault is { } fault)
                {
                    console.WriteLine($"{report.Form}: {fault}");
                }

                foreach (var signer in report.Signers)
                {
                    var table = Answer.Table("Signer", signer.Subject ?? "unknown");
                    Answer.AddRow(table, "for", string.Join(", ", signer.Addresses));
                    Answer.AddRow(table, "issued by", signer.Issuer ?? string.Empty);
                    Answer.AddRow(table, "serial", signer.SerialNumber ?? string.Empty);
                    Answer.AddRow(table, "signed", $"{signer.Algorithm}, {signer.Digest}, {signer.SigningTime?.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? "no time given"}");
                    Answer.AddRow(table, "signature", signer.SignatureFault ?? "good");
                    Answer.AddRow(table, "trust", signer.TrustFaults.Count == 0 ? "trusted" : string.Join("; ", signer.TrustFaults));
                    Answer.AddRow(table, "author", signer.IsAuthor ? "the certificate is for the address in From" : "the certificate is NOT for the address in From");
                    console.Write(table);
                }

                console.WriteLine(report.IsGood ? "Verification successful." : "Verification failed.");
            });
        return report.IsGood ? ExitCode.Done : ExitCode.No;
    }
}
