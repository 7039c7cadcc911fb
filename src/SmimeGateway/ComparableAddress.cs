using System.Globalization;
using System.Text;
using SmimeGateway.Certificates;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// An address in the one form in which grants, rules, routes, visible recipients and certificates compare it; see <see cref="MailboxName"/>.
/// Made where an address enters; what travels stays as it was received.
/// </summary>
public sealed record ComparableAddress
{
    private const string Postmaster = "postmaster";

    private ComparableAddress(string text, bool isNormal = true)
    {
        var at = text.LastIndexOf('@');
        Text = text;
        IsNormal = isNormal;
        LocalPart = at < 0 ? text : text[..at];
        Domain = at < 0 ? string.Empty : text[(at + 1)..];
        UnicodeDomain = DomainName.ToUnicode(Domain);
    }

    /// <summary>
    /// Local part, at sign and domain, which are equal for equal mailboxes; empty for the null path. Without <see cref="IsNormal"/> it is
    /// what the address may be taken for, and not the address.
    /// </summary>
    public string Text { get; }

    /// <summary>The local part without quotes.</summary>
    public string LocalPart { get; }

    /// <summary>The domain with A-labels; empty for the null path and for bare postmaster.</summary>
    public string Domain { get; }

    /// <summary>The domain as people read it.</summary>
    public string UnicodeDomain { get; }

    /// <summary>Local part, at sign and domain as people read it.</summary>
    public string UnicodeText => ReferenceEquals(UnicodeDomain, Domain) ? Text : $"{LocalPart}@{UnicodeDomain}";

    /// <summary>True for the null path.</summary>
    public bool IsNull => Text.Length == 0;

    /// <summary>
    /// False for an address that is no mailbox, or that servers read in different ways: it is refused in an envelope. In a header, rules
    /// see it as what it may be taken for, and nothing is granted to it.
    /// </summary>
    public bool IsNormal { get; }

    /// <summary>The form of a path.</summary>
    public static ComparableAddress Of(MailPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Domain.Length == 0 ? new ComparableAddress(path.IsNull ? string.Empty : Postmaster)
            : MailboxName.TryNormalize(path.LocalPart, path.Domain, out var key) ? new ComparableAddress(key)
            : Guess(path.LocalPart, path.Domain);
    }

    /// <summary>The form of an address as it is written; the empty one is the null path.</summary>
    public static ComparableAddress Of(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var at = address.LastIndexOf('@');
        return address.Length == 0 ? new ComparableAddress(string.Empty)
            : address.Equals(Postmaster, StringComparison.OrdinalIgnoreCase) ? new ComparableAddress(Postmaster)
            : MailboxName.TryNormalize(address, out var key) ? new ComparableAddress(key)
            : at < 0 ? new ComparableAddress(Loosen(address), isNormal: false)
            : Guess(MailboxName.TryUnquote(address[..at], out var localPart) ? localPart : address[..at], address[(at + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static ComparableAddress Guess(string localPart, string domain) =>
        new($"{Loosen(localPart)}@{(DomainName.TryNormalize(domain, out var name) ? name : Loosen(domain))}", isNormal: false);

    // As the most lenient of servers might: what cannot be seen is left out, and what looks like ASCII becomes it.
    private static string Loosen(string text)
    {
        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // U+FFFE is no character, and the one of them that normalizing throws at.
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control) && rune.Value != 0xFFFE)
            {
                seen.Append(rune.ToString());
            }
        }

        return seen.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
    }
}
