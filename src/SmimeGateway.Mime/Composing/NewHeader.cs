using System.Globalization;
using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Composing;

/// <summary>The header of a message that is made here: what comes from elsewhere becomes one line without anything that could be another field.</summary>
public sealed class NewHeader
{
    /// <summary>How much of a subject or a name is written, in characters.</summary>
    public const int MaxText = 500;

    /// <summary>How many mailboxes a field names.</summary>
    public const int MaxMailboxes = 1000;

    private readonly List<byte> _written = [];

    /// <summary>Adds a field of text; nothing where the text is empty.</summary>
    public void AddText(string name, string? text)
    {
        if (PlainLines.OneLine(text ?? string.Empty, MaxText) is { Length: > 0 } line)
        {
            _written.AddRange(FoldedField.Write(name + ":", Words(line)));
        }
    }

    /// <summary>Adds the date (RFC 5322 section 3.3).</summary>
    public void AddDate(DateTimeOffset date) =>
        _written.AddRange(FoldedField.Write("Date:", date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)));

    /// <summary>
    /// Adds a field of mailboxes; nothing where there are none. One without an address of mail is written as an empty group, which has a
    /// name alone (RFC 5322 section 3.4).
    /// </summary>
    public void AddMailboxes(string name, IReadOnlyList<(string? Name, string? Address)> mailboxes)
    {
        ArgumentNullException.ThrowIfNull(mailboxes);
        var written = mailboxes.Take(MaxMailboxes).Select(Write).Where(mailbox => mailbox.Length > 0).ToList();
        if (written.Count > 0)
        {
            _written.AddRange(FoldedField.Write(name + ":", string.Join(", ", written)));
        }
    }

    /// <summary>Whether a mailbox is named by what is written of it: all of its name, and its address if it has no name.</summary>
    public static bool IsTold(string? name, string? address) =>
        (name ?? string.Empty).Length <= MaxText && (string.IsNullOrEmpty(name ?? address) || Write((name, address)).Length > 0);

    /// <summary>The fields, with MIME-Version behind them; what describes the content follows.</summary>
    internal byte[] ToArray() => [.. _written, .. Encoding.ASCII.GetBytes(MimeVersion.Line)];

    private static string Write((string? Name, string? Address) mailbox)
    {
        var name = PlainLines.OneLine(mailbox.Name ?? string.Empty, MaxText);
        var address = mailbox.Address ?? string.Empty;
        var isAddress = address.Length <= 254 && Ascii.IsValid(address) && !address.Any(character => char.IsControl(character) || " ,;<>()[]:\"\\".Contains(character, StringComparison.Ordinal))
            && AddressList.TryParse(address, out var read) && read is [_];
        return (isAddress, name.Length) switch
        {
            (true, 0) => address,
            (true, _) => $"{Phrase(name)} <{address}>",
            (false, 0) => string.Empty,
            (false, _) => $"{Phrase(name)}:;",
        };
    }

    private static string Words(string line) => IsPlain(line) ? line : EncodedWords.Encode(line);

    // What a quoted string would have to escape is encoded too, so that no reader has to undo it.
    private static string Phrase(string name) =>
        IsPlain(name) && !name.AsSpan().ContainsAny('"', '\\') && name.Length <= 60 ? $"\"{name}\"" : EncodedWords.Encode(name);

    private static bool IsPlain(string line) => Ascii.IsValid(line) && !line.Contains("=?", StringComparison.Ordinal);
}
