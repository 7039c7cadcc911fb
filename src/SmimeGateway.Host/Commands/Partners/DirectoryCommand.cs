using System.CommandLine;
using SmimeGateway.Host.Commands.Certificates;

namespace SmimeGateway.Host.Commands.Partners;

/// <summary><c>directory</c>: the certificates of partners, and which of them mail is encrypted to.</summary>
internal static class DirectoryCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("directory", "Partners' certificates: look an address up, list all.");
        command.Subcommands.Add(CreateLookup(options));
        command.Subcommands.Add(CreateList(options));
        return command;
    }

    private static Command CreateLookup(SharedOptions options)
    {
        var address = new Argument<string>("ADDRESS") { Description = "The recipient." };
        var lookup = new Command("lookup", "Show every certificate of an address, which are encrypted to, and why the others are not.") { address };
        lookup.SetAction((parsed, cancellationToken) => OpenedCertificates.UseAsync(
            options.PathFrom(parsed), opened => LookUpAsync(options, parsed, opened, parsed.GetValue(address)!, cancellationToken)));
        return lookup;
    }

    private static Command CreateList(SharedOptions options)
    {
        var list = new Command("list", "List all certificates of partners that are at hand, and whether they can be encrypted to.");
        list.SetAction((parsed, _) => OpenedCertificates.UseAsync(options.PathFrom(parsed), opened => Task.FromResult(List(options, parsed, opened))));
        return list;
    }

    private static async Task<int> LookUpAsync(
        SharedOptions options, ParseResult parsed, OpenedCertificates opened, string address, CancellationToken cancellationToken)
    {
        if (opened.Gateway.Certificates.Partners.Count == 0)
        {
            Answer.Complain("The configuration has no sources of partners' certificates: add { \"name\": \"folder\", \"folder\": \"certificates/partners\" } to certificates.partners.");
            return ExitCode.No;
        }

        var silent = new List<SilentSource>();
        var found = await new PartnerInspection(opened, TimeProvider.System.GetUtcNow()).LookUpAsync(address, silent, cancellationToken);
        var taken = found.Count(entry => entry.IsTaken);
        options.AnswerFor(parsed).Give(
            new { Address = address, Taken = taken, Certificates = found, Silent = silent },
            console =>
            {
                if (found.Count > 0)
                {
                    Write(console, found, isTheirAddressKnown: true);
                }

                silent.ForEach(source => console.WriteLine($"{source.Source}: {source.Reason}"));
                console.WriteLine(taken == 0 ? $"Mail to {address} cannot be encrypted." : $"{taken} certificate(s) can be encrypted to.");
            });
        return taken > 0 ? ExitCode.Done : ExitCode.No;
    }

    private static int List(SharedOptions options, ParseResult parsed, OpenedCertificates opened)
    {
        var entries = new PartnerInspection(opened, TimeProvider.System.GetUtcNow()).List();
        options.AnswerFor(parsed).Give(entries, console =>
        {
            Write(console, entries, isTheirAddressKnown: false);
            console.WriteLine($"{entries.Count} certificate(s), {entries.Count(entry => entry.IsTaken)} of them can be encrypted to.");
        });
        return entries.Count > 0 ? ExitCode.Done : ExitCode.No;
    }

    /// <summary>Writes a table of certificates.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="entries">The certificates.</param>
    /// <param name="isTheirAddressKnown">True when all are for the address that was asked for.</param>
    public static void Write(PlainConsole console, IEnumerable<PartnerEntry> entries, bool isTheirAddressKnown)
    {
        string[] headings = ["Source", "Use", "Why", "Ends", "Key", "Reads", "Serial", "File"];
        var table = new AnswerTable(isTheirAddressKnown ? headings : ["For", .. headings]);
        foreach (var entry in entries)
        {
            string[] cells =
            [
                entry.Source,
                entry.IsTaken ? "yes" : "no",
                entry.Reason,
                $"{ListedCertificate.Day(entry.NotAfter)} ({entry.DaysLeft} days)",
                entry.KeyAlgorithm,
                entry.Announced is { } announced ? string.Join(", ", announced) : "not known",
                entry.SerialNumber,
                entry.Location,
            ];
            table.Add(isTheirAddressKnown ? cells : [string.Join(", ", entry.Addresses), .. cells]);
        }

        console.Write(table);
    }
}
