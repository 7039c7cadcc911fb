using System.CommandLine;
using System.Text;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Locating.Dkim;

namespace SmimeGateway.Host.Commands.Dkim;

/// <summary><c>dkim</c>: the keys of domains that sign mail, and what the DNS has to say of them.</summary>
internal static class DkimCommand
{
    private const string Ed25519 = "ed25519";

    private static readonly Dictionary<string, int?> Kinds = new(StringComparer.OrdinalIgnoreCase) { ["rsa:2048"] = 2048, ["rsa:3072"] = 3072, ["rsa:4096"] = 4096, [Ed25519] = null };

    public static Command Create(SharedOptions options)
    {
        var command = new Command("dkim", "Signatures of domains: make a key, print what the DNS has to hold.");
        command.Subcommands.Add(CreateKeygen(options));
        command.Subcommands.Add(CreateRecord(options));
        return command;
    }

    private static Command CreateKeygen(SharedOptions options)
    {
        var file = new Argument<string>("FILE") { Description = "The file for the key; it must not be there yet." };
        var kind = new Option<string>("--key") { Description = $"The kind of key: {string.Join(", ", Kinds.Keys)}.", HelpName = "KIND", DefaultValueFactory = _ => "rsa:2048" };
        var keygen = new Command("keygen", "Make a private key that only its owner may read.") { file, kind };
        keygen.SetAction((parsed, _) => Task.FromResult(Generate(options, parsed, parsed.GetValue(file)!, parsed.GetValue(kind)!)));
        return keygen;
    }

    private static Command CreateRecord(SharedOptions options)
    {
        var domain = new Option<string?>("--domain") { Description = "Only the entries of this domain.", HelpName = "DOMAIN" };
        var selector = new Option<string?>("--selector") { Description = "Only the entry with this selector.", HelpName = "SELECTOR" };
        var record = new Command("record", "Print the DNS records of the configured keys.") { domain, selector };
        record.SetAction((parsed, _) => RecordAsync(options, parsed, parsed.GetValue(domain), parsed.GetValue(selector)));
        return record;
    }

    private static int Generate(SharedOptions options, ParseResult parsed, string file, string kind)
    {
        if (!Kinds.TryGetValue(kind, out var bits))
        {
            Answer.Complain($"\"{kind}\" is no kind of key: choose one of {string.Join(", ", Kinds.Keys)}.");
            return ExitCode.WrongUsage;
        }

        try
        {
            var text = Encoding.ASCII.GetBytes(DkimKeyText.Generate(bits));

            // The rights are set as the file is made: at no moment can others open it.
            var making = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                making.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(file, making))
            {
                stream.Write(text);
                stream.Flush(flushToDisk: true);
            }

            _ = DkimKeyText.TryRead(text, out var key, out _);
            var record = DkimRecord.TextOf(key!);
            options.AnswerFor(parsed).Give(
                new { File = Path.GetFullPath(file), Record = record },
                console =>
                {
                    console.WriteLine($"{file} holds a key ({key}). The account of the gateway has to read it, and nobody else.");
                    console.WriteLine("The TXT record SELECTOR._domainkey.DOMAIN has to hold:");
                    console.WriteWhole(record);
                });
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"The key was not made: {file}: {FileHindrance.OfMaking(exception, file)}.");
            return ExitCode.No;
        }
    }

    private static async Task<int> RecordAsync(SharedOptions options, ParseResult parsed, string? domain, string? selector)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        await using var domains = SigningDomains.Open(gateway.Dkim, TimeProvider.System);
        var normalized = domain is not null && DomainName.TryNormalize(domain, out var name) ? name : domain;
        var wanted = domains.All.Where(entry =>
            (normalized is null || entry.Domain == normalized) && (selector is null || entry.Options.Selector.Equals(selector, StringComparison.OrdinalIgnoreCase))).ToList();
        if (wanted.Count == 0)
        {
            Answer.Complain(domains.IsEmpty ? "The configuration names no domain that signs: add \"dkim\"." : "No entry of \"dkim\" has that domain and selector.");
            return ExitCode.No;
        }

        var unread = wanted.Where(entry => entry.Key.Key is null).ToList();
        unread.ForEach(entry => Answer.Complain($"{entry.Name}: {SigningDomain.PlaceOf(entry.Options)}: {entry.Key.Problem}."));
        var records = wanted.Except(unread)
            .Select(entry => new
            {
                Name = DkimRecord.NameOf(entry.Options.Selector, entry.Domain),
                Text = DkimRecord.TextOf(entry.Key.Key!),
                Zone = DkimRecord.ZoneLineOf(entry.Options.Selector, entry.Domain, entry.Key.Key!),
            })
            .ToList();
        options.AnswerFor(parsed).Give(records, console => records.ForEach(record => console.WriteWhole(record.Zone)));
        return unread.Count == 0 ? ExitCode.Done : ExitCode.No;
    }
}
