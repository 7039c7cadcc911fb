using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MimeKit;

namespace SmimeGateway.TestSupport;

/// <summary>Other people's readers of mail, asked whom they take for the authors of messages: MimeKit, Python, Perl and JavaScript.</summary>
public static class AuthorReaders
{
    /// <summary>Begins the names of readers that decode a field before they look for addresses in it.</summary>
    public const string DecodingFirst = "decoding first";

    /// <summary>Begins the names of readers of which the addresses are those that a display name shows to people.</summary>
    public const string InName = "name: ";

    // What people take for an address when they see it: with a dot in the domain, whatever stands around.
    private static readonly Regex ShownAddress = new(@"[^\s<>()\[\],;:'@]+@[^\s<>()\[\],;:'@]+\.[^\s<>()\[\],;:'@]+");

    private static readonly Regex BlanksAroundSign = new(@"\s*@\s*");

    private static readonly (string Program, string Script)[] Scripts =
        [("python3", "read_authors.py"), ("perl", "read_authors.pl"), ("node", "read_authors.js")];

    /// <summary>For each message what each reader finds in its From fields: addresses without quotes, blanks and last dots, in lower case; what has no "@" is none.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<(string Reader, string Address)>>> ReadAsync(IReadOnlyList<byte[]> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var found = messages.Select(message => MimeKitReads(message).ToList()).ToList();
        var input = Encoding.ASCII.GetBytes(string.Concat(messages.Select(message => Convert.ToBase64String(message) + "\n")));
        foreach (var (program, script) in Scripts)
        {
            var path = Path.Combine(Repository.Root, "tests", "TestSupport", "Readers", script);
            var run = await Tool.MustAsync(program, [path], input);
            var answers = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (answers.Length != messages.Count)
            {
                throw new InvalidOperationException($"{script} answered {answers.Length} of {messages.Count} messages: {run.Text}");
            }

            for (var i = 0; i < answers.Length; i++)
            {
                foreach (var (reader, addresses) in JsonSerializer.Deserialize<Dictionary<string, string?[]>>(answers[i])!)
                {
                    found[i].AddRange(addresses.OfType<string>().SelectMany(read => reader.StartsWith(InName, StringComparison.Ordinal) ? Shown(read) : [read])
                        .Select(address => (reader, address)));
                }
            }
        }

        return [.. found.Select(read => (IReadOnlyList<(string, string)>)[.. read.Where(entry => entry.Address.Contains('@', StringComparison.Ordinal)).Select(Plain)])];
    }

    private static IEnumerable<(string Reader, string Address)> MimeKitReads(byte[] octets)
    {
        using var stream = new MemoryStream(octets);
        MimeMessage message;
        try
        {
            message = MimeMessage.Load(stream);
        }
        catch (FormatException)
        {
            return [];
        }

        using (message)
        {
            return [.. message.From.Mailboxes.Select(mailbox => ("MimeKit", mailbox.Address)),
                .. message.From.SelectMany(entry => Shown(entry.Name ?? string.Empty)).Select(address => (InName + "MimeKit", address))];
        }
    }

    private static IEnumerable<string> Shown(string name)
    {
        var visible = string.Concat(name.Normalize(NormalizationForm.FormKC).Where(character => character is not ('\\' or '"')
            && (char.IsWhiteSpace(character) || char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format))));
        return ShownAddress.Matches(BlanksAroundSign.Replace(visible, "@")).Select(match => match.Value);
    }

    // Who decodes a quote into a field takes brackets for a part of the address.
    private static string InBrackets(string address)
    {
        var open = address.LastIndexOf('<');
        var close = address.IndexOf('>', open + 1);
        return open >= 0 && close > open ? address[(open + 1)..close] : address;
    }

    // Quotes around an address or its local part, blanks and a last dot make it nobody else's.
    private static (string Reader, string Address) Plain((string Reader, string Address) read) =>
        (read.Reader, string.Concat(InBrackets(read.Address).Where(character => character is not ('"' or ' '))).Trim('\'').TrimEnd('.').ToLowerInvariant());
}
