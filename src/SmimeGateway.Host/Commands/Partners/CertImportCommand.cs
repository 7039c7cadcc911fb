using System.CommandLine;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Files;
using SmimeGateway.Host.Commands.Certificates;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Commands.Partners;

/// <summary>
/// <c>cert import</c>: puts the certificates of a file that a partner sent into the folder they are encrypted from. Whatever kind the file
/// is of, a PEM file with certificates alone arrives there: no key and no password goes along.
/// </summary>
internal static class CertImportCommand
{
    // As much as a folder of partners reads of a file.
    private const int MaxBytes = 64 * 1024 * 1024;

    public static Command Create(SharedOptions options)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What the partner sent: .cer, .crt, .pem, .der, .p7b, .sst or .pfx." };
        var source = new Option<string?>("--source") { Description = "The folder of partners to put it into, where there are several.", HelpName = "NAME" };
        var replace = new Option<bool>("--replace") { Description = "Take the place of a file of the same name." };
        var import = new Command("import", "Put a partner's certificate into a folder of partners.") { file, source, replace };
        import.SetAction((parsed, _) => OpenedCertificates.UseAsync(
            options.PathFrom(parsed),
            opened => ImportAsync(options, parsed, opened, parsed.GetValue(file)!, parsed.GetValue(source), parsed.GetValue(replace))));
        return import;
    }

    private static async Task<int> ImportAsync(
        SharedOptions options, ParseResult parsed, OpenedCertificates opened, FileInfo file, string? name, bool mayReplace)
    {
        if (ChooseFolder(opened.Gateway, name) is not { } target)
        {
            return ExitCode.WrongUsage;
        }

        if (Read(file) is not { } content)
        {
            return ExitCode.WrongUsage;
        }

        try
        {
            var (certificates, problems) = await ReadAsync(file, content, target);
            foreach (var problem in problems)
            {
                Answer.Complain($"warning: {file.FullName}: {problem.Reason}. {problem.Remedy}.");
            }

            if (certificates.Count == 0)
            {
                Answer.Complain($"{file.FullName} holds no certificate of somebody who reads mail. Nothing was imported.");
                return ExitCode.No;
            }

            // The folder takes a hidden file for one that is not complete yet.
            var place = Path.Combine(target.Folder!, Path.GetFileNameWithoutExtension(file.Name).TrimStart('.') + ".pem");
            if (File.Exists(place) && !mayReplace)
            {
                Answer.Complain($"{place} exists. Give --replace to take its place, or rename the file.");
                return ExitCode.WrongUsage;
            }

            Store(place, certificates);
            var inspection = new PartnerInspection(opened, TimeProvider.System.GetUtcNow());
            var entries = certificates.Select(certificate => inspection.Judge(certificate with { Location = place })).ToList();
            options.AnswerFor(parsed).Give(
                new { File = place, Certificates = entries },
                console =>
                {
                    DirectoryCommand.Write(console, entries, isTheirAddressKnown: false);
                    console.WriteLine($"{entries.Count} certificate(s) put into {place}; a running gateway notices within two seconds.");
                });
            return entries.Exists(entry => entry.IsTaken) ? ExitCode.Done : ExitCode.No;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"The certificate cannot be imported: {FileHindrance.WithPlace(exception)}.");
            return ExitCode.WrongUsage;
        }
    }

    private static PartnerCertificateOptions? ChooseFolder(GatewayOptions gateway, string? name)
    {
        var folders = gateway.Certificates.Partners.Where(partner => partner.Folder is not null).ToList();
        var fitting = name is null ? folders : folders.FindAll(partner => partner.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (fitting.Count == 1)
        {
            return fitting[0];
        }

        Answer.Complain(folders.Count == 0
            ? "The configuration has no folder of partners: add { \"name\": \"folder\", \"folder\": \"certificates/partners\" } to certificates.partners."
            : $"Give --source with one of: {string.Join(", ", folders.Select(partner => partner.Name))}.");
        return null;
    }

    private static byte[]? Read(FileInfo file)
    {
        try
        {
            return RegularFile.Read(file.FullName, MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"{file.FullName} cannot be imported: {FileHindrance.Of(exception)}.");
            return null;
        }
    }

    // The folder's own reader decides what the file is, in a folder where nothing else is.
    private static async Task<(IReadOnlyList<PartnerCertificate> Certificates, IReadOnlyList<SourceProblem> Problems)> ReadAsync(
        FileInfo file, byte[] content, PartnerCertificateOptions target)
    {
        var folder = Directory.CreateTempSubdirectory("smimegateway-import-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, file.Name), content);
            var password = Path.ChangeExtension(file.FullName, ".password");
            if (File.Exists(password))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, Path.GetFileName(password)), RegularFile.Read(password, MaxBytes));
            }

            await using var source = PartnerFolder.Open(target.Name, folder.FullName, target.Accept == PartnerAcceptance.All, TimeProvider.System);
            return (source.All, source.Problems);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Store(string place, IReadOnlyList<PartnerCertificate> certificates)
    {
        var pem = certificates
            .SelectMany(certificate => certificate.Companions.Prepend(certificate.Certificate))
            .DistinctBy(certificate => certificate.Thumbprint)
            .Select(certificate => certificate.ExportCertificatePem() + "\n");
        DurableFile.Replace(place, System.Text.Encoding.ASCII.GetBytes(string.Concat(pem)));
    }
}
