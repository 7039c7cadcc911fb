using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Mime.Authors;

/// <summary>
/// A field that says who wrote or sent a message (From, Sender and their like), judged by what all programs see in it and not by one
/// grammar alone. Sloppy forms in which nobody can see another address than the one that stands there are read too.
/// </summary>
public sealed class AuthorField
{
    private static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    // More than any honest field has, and little enough to judge before anything else is known of the message.
    internal const int MaxLength = 64 * 1024;
    internal const int MaxSigns = 1000;
    internal const int MaxMailboxes = 100;

    // Many rules may ask for letters in it.
    private const int MaxSearched = 4096;
    private static readonly AuthorFault TooMuch = new(AuthorFlaw.TooMuch);

    private readonly AuthorLetters? _letters;

    private AuthorField(IReadOnlyList<Mailbox> mailboxes, IReadOnlyList<string> mentioned, AuthorFault? fault, AuthorFault? doubt, AuthorLetters? letters)
    {
        Mailboxes = mailboxes;
        Mentioned = mentioned;
        Fault = fault;
        Doubt = doubt;
        _letters = letters;
    }

    /// <summary>The mailboxes that every program finds, groups flattened; none where there is a fault.</summary>
    public IReadOnlyList<Mailbox> Mailboxes { get; }

    /// <summary>All addresses that the field shows anywhere, also in names and comments and where it cannot be read.</summary>
    public IReadOnlyList<string> Mentioned { get; }

    /// <summary>Why programs find different mailboxes in it, or none; null where they find the same.</summary>
    public AuthorFault? Fault { get; }

    /// <summary>
    /// Why people could be shown an address that is none of the mailboxes, such as one in a name; null where they cannot. No proof of an
    /// author should be given for such a field.
    /// </summary>
    public AuthorFault? Doubt { get; }

    /// <summary>
    /// Whether no grammar allows it although all programs find the address: some show no name with it, or show the name and no address.
    /// </summary>
    public bool IsSloppy { get; private init; }

    /// <summary>Whether there is no "@" in it, whatever is decoded or left out: a name without an address, as some bounces have.</summary>
    public bool NamesNobody => _letters is { HoldsAddress: false };

    /// <summary>Whether somebody could read the letters and digits of a text in it, in a row: true in doubt.</summary>
    public bool MayShow(string text) => _letters is null || _letters.Hold(text);

    /// <summary>Judges a field. Some programs read no further in a quoted string or a comment than to the end of its line.</summary>
    public static AuthorField Read(HeaderField field)
    {
        ArgumentNullException.ThrowIfNull(field);

        // What is no UTF-8 is read as Latin-1 here, and as UTF-8 by careless decoders.
        var isOverlong = !Utf8.IsValid(field.RawBody.Span) && OverlongForms.AreIn(field.RawBody.Span);
        var read = Read(field.Body, isOverlong ? new AuthorFault(AuthorFlaw.OverlongForm) : null);
        return read is { Fault: null, Doubt: not null } && IsFoldedInName(field)
            ? new AuthorField([], read.Mentioned, Folded(read.Doubt), read.Doubt, read._letters)
            : read;
    }

    /// <summary>Judges an unfolded field body.</summary>
    public static AuthorField Read(string headerBody)
    {
        ArgumentNullException.ThrowIfNull(headerBody);
        return Read(headerBody, octetsFlaw: null);
    }

    private static AuthorField Read(string headerBody, AuthorFault? octetsFlaw) => PlainAuthor.TryRead(headerBody, out var mailbox)
        ? new AuthorField([mailbox], [Plain(mailbox)], fault: null, doubt: null, new AuthorLetters([headerBody]))
        : Judge(headerBody, octetsFlaw);

    /// <summary>Judges by all that anybody could read in it.</summary>
    internal static AuthorField Judge(string headerBody, AuthorFault? octetsFlaw = null)
    {
        if (headerBody.Length > MaxLength || headerBody.AsSpan().Count('@') > MaxSigns)
        {
            return new AuthorField([], [], TooMuch, TooMuch, letters: null);
        }

        var mentions = new SortedDictionary<string, Mailbox>(Comparer);
        var shown = ShownTexts.Of(headerBody);
        var doubt = octetsFlaw ?? shown.Doubt;
        var shownFlaw = doubt;
        foreach (var text in shown.All)
        {
            shownFlaw = Collect(text, mentions) is { } found ? shownFlaw ?? found : shownFlaw;
        }

        var letters = doubt is null && headerBody.Length <= MaxSearched ? new AuthorLetters(shown.All) : null;
        var isStrict = AddressList.TryParse(headerBody, out var mailboxes) && mailboxes.Count > 0;
        if (mailboxes.Count > MaxMailboxes)
        {
            return new AuthorField([], [], TooMuch, TooMuch, letters);
        }

        var flaw = FirstControl(headerBody);
        if (!isStrict && SloppyField.TryRead(headerBody, out var mailbox))
        {
            mailboxes = [mailbox];
            flaw ??= shownFlaw;
            mentions.TryAdd(Plain(mailbox), mailbox);
            return (flaw ?? FindStranger(mailboxes, mentions, shown)) is { } trouble
                ? Unreadable(trouble, mentions, letters)
                : new AuthorField(mailboxes, [.. mentions.Keys], fault: null, doubt: null, letters) { IsSloppy = true };
        }

        flaw ??= CollectWritten(headerBody, isStrict ? mailboxes : null, mentions);
        flaw ??= isStrict ? null : new AuthorFault(mentions.Count == 0 ? AuthorFlaw.NoAddress : AuthorFlaw.UnclearAddress);
        return flaw is not null
            ? Unreadable(flaw, mentions, letters)
            : new AuthorField(mailboxes, [.. mentions.Keys], fault: null, shownFlaw ?? FindStranger(mailboxes, mentions, shown), letters);
    }

    private static AuthorFault Folded(AuthorFault doubt) =>
        doubt.Flaw == AuthorFlaw.OtherAddress ? doubt with { Flaw = AuthorFlaw.FoldedOtherAddress } : doubt;

    private static bool IsFoldedInName(HeaderField field)
    {
        var written = Encoding.Latin1.GetString(field.RawBody.Span);
        var isName = NameRegions.Of(written);
        return Enumerable.Range(0, written.Length).Any(i => written[i] == '\n' && isName[i]);
    }

    private static AuthorField Unreadable(AuthorFault fault, SortedDictionary<string, Mailbox> mentions, AuthorLetters? letters) =>
        new([], [.. mentions.Keys], fault, fault, letters);

    private static AuthorFault? FindStranger(IReadOnlyList<Mailbox> mailboxes, SortedDictionary<string, Mailbox> mentions, ShownTexts shown)
    {
        var own = new HashSet<string>(Comparer);
        foreach (var address in mailboxes.Select(Plain))
        {
            own.Add(address);
            own.Add(ShownTexts.Bare(address));
        }

        return mentions.Keys.FirstOrDefault(address => !own.Contains(address)) is { } stranger
            ? new AuthorFault(AuthorFlaw.OtherAddress, stranger)
            : shown.Octets.Any(text => HoldsStranger(text, own)) ? new AuthorFault(AuthorFlaw.AddressInWord) : null;
    }

    private static bool HoldsStranger(string octets, HashSet<string> own)
    {
        var text = new AddressMentions(octets);
        return text.Places().Any(at =>
            !text.IsBeforeNoDomain(at) && !(text.AddressAt(at) is { } address && own.Contains($"{address.LocalPart}@{address.Domain}")));
    }

    // The text as it is written: what stands outside of quotes and comments is a mailbox of the list, or programs differ.
    private static AuthorFault? CollectWritten(string body, IReadOnlyList<Mailbox>? mailboxes, SortedDictionary<string, Mailbox> found)
    {
        var text = new AddressMentions(body);
        var isName = mailboxes is null ? null : NameRegions.Of(body);
        if (isName is not null && HasGroup(body, isName))
        {
            return new AuthorFault(AuthorFlaw.Group);
        }

        var isNested = NameRegions.HasNested(body);
        var seen = new HashSet<string>(Comparer);
        foreach (var at in text.Places())
        {
            var isInName = isName?[at] == true && !isNested;
            if (text.AddressAt(at) is not { } address)
            {
                if (!isInName)
                {
                    return new AuthorFault(AuthorFlaw.UnclearSign);
                }

                continue;
            }

            Add(found, address);
            if (!isInName)
            {
                seen.Add($"{address.LocalPart}@{address.Domain}");
            }
        }

        return mailboxes is null || seen.SetEquals(mailboxes.Select(Plain)) ? null : new AuthorFault(AuthorFlaw.UnclearAddress);
    }

    // A colon that is not part of an address literal.
    private static bool HasGroup(string body, bool[] isName)
    {
        var isInLiteral = false;
        for (var i = 0; i < body.Length; i++)
        {
            isInLiteral = body[i] == '[' || (isInLiteral && body[i] != ']');
            if (body[i] == ':' && !isName[i] && !isInLiteral)
            {
                return true;
            }
        }

        return false;
    }

    // The text as it is shown: everything may be an address to somebody.
    private static AuthorFault? Collect(string shown, SortedDictionary<string, Mailbox> found)
    {
        var text = new AddressMentions(shown);
        AuthorFault? flaw = null;
        foreach (var at in text.Places())
        {
            if (text.AddressAt(at) is { } address)
            {
                Add(found, address);
            }
            else if (!text.IsLone(at))
            {
                flaw = new AuthorFault(AuthorFlaw.SignInName);
            }
        }

        return flaw;
    }

    private static void Add(SortedDictionary<string, Mailbox> found, (string LocalPart, string Domain) address) =>
        found.TryAdd($"{address.LocalPart}@{address.Domain}", new Mailbox(string.Empty, address.LocalPart, address.Domain));

    private static string Plain(Mailbox mailbox) => $"{mailbox.LocalPart}@{mailbox.Domain}";

    private static AuthorFault? FirstControl(string body) =>
        body.AsSpan().ContainsAnyInRange('\u0000', '\u0008') || body.AsSpan().ContainsAnyInRange('\u000A', '\u001F') || body.Contains('\u007F', StringComparison.Ordinal)
            ? new AuthorFault(AuthorFlaw.ControlCharacter)
            : null;
}
