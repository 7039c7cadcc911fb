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

    private ComparableAddress(string text, bool isNormal)
    {
        var at = text.LastIndexOf('@');
        Text = text;
        IsNormal = isNormal;
        LocalPart = at < 0 ? text : text[..at];
        Domain = at < 0 ? string.Empty : text[(at + 1)..];
        UnicodeDomain = isNormal ? DomainName.ToUnicode(Domain) : Domain;
    }

    /// <summary>Local part, at sign and domain, which are equal for equal mailboxes; empty for the null path.</summary>
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
    /// False for an address that is no mailbox, or that servers read in different ways: it is refused in an envelope, and in a header it
    /// equals nothing but itself.
    /// </summary>
    public bool IsNormal { get; }

    /// <summary>The form of a path.</summary>
    public static ComparableAddress Of(MailPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Domain.Length == 0
            ? new ComparableAddress(path.IsNull ? string.Empty : Postmaster, isNormal: true)
            : MailboxName.TryNormalize(path.LocalPart, path.Domain, out var key)
                ? new ComparableAddress(key, isNormal: true)
                : new ComparableAddress(path.Address, isNormal: false);
    }

    /// <summary>The form of an address as it is written; the empty one is the null path.</summary>
    public static ComparableAddress Of(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Length == 0 || address.Equals(Postmaster, StringComparison.OrdinalIgnoreCase)
            ? new ComparableAddress(address.Length == 0 ? string.Empty : Postmaster, isNormal: true)
            : MailboxName.TryNormalize(address, out var key)
                ? new ComparableAddress(key, isNormal: true)
                : new ComparableAddress(address, isNormal: false);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
