using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// Who a message is from to everybody who reads it: the mailboxes of the header, if all programs find the same, and what the envelope says.
/// </summary>
public sealed class Authorship
{
    private const string From = "From";

    // Outlook shows Sender before From ("on behalf of"), and RFC 8550 section 3 lets a certificate be that of Sender; some programs show
    // who has sent a message again.
    private static readonly string[] OtherFields = ["Sender", "Resent-From", "Resent-Sender"];

    // More than any honest message has.
    private const int MaxAuthors = 100;
    private const int MaxSearched = 8;

    private readonly Entity _message;
    private InnerLayers? _layers;
    private readonly List<AuthorField> _from = new(1);
    private readonly List<MailPath> _authors = new(1);

    private Authorship(MailPath reversePath, Entity message)
    {
        ReversePath = reversePath;
        _message = message;
        var lines = AuthorLines.Find(message, From);
        HasHiddenLine = lines.HasHidden;
        MayNameSomebody = lines.HasHidden;
        Unreadable = lines.HasHidden ? Trouble(AuthorFlaw.HiddenLine) : null;
        foreach (var field in lines.Fields)
        {
            var read = AuthorField.Read(field);
            _from.Add(read);
            Unreadable ??= read.Fault is { } fault ? new AuthorTrouble(From, fault) : null;
            MayNameSomebody |= read is { Fault: not null, NamesNobody: false };
            foreach (var mailbox in read.Mailboxes)
            {
                if (_authors.Count == MaxAuthors)
                {
                    Unreadable ??= Trouble(AuthorFlaw.TooMuch);
                    MayNameSomebody = true;
                }
                else if (MailPath.TryParse(mailbox.Address, out var path))
                {
                    _authors.Add(path);
                }
                else
                {
                    Unreadable ??= Trouble(AuthorFlaw.UnservedAddress, mailbox.Address);
                    MayNameSomebody = true;
                }
            }
        }
    }

    /// <summary>The path of MAIL FROM.</summary>
    public MailPath ReversePath { get; }

    /// <summary>The mailboxes of all From fields that can be read, in order.</summary>
    public IReadOnlyList<MailPath> Authors => _authors;

    /// <summary>Why programs would not all find the same author, or any; null where they do or there is no From.</summary>
    public AuthorTrouble? Unreadable { get; }

    /// <summary>Whether something could not be read in which somebody may see an address.</summary>
    public bool MayNameSomebody { get; }

    /// <summary>Whether there is a line that lenient programs take for From: nobody who means well writes one.</summary>
    public bool HasHiddenLine { get; }

    /// <summary>
    /// The one address a signature may be made for, or null: the header must name exactly one mailbox, or a recipient's client could
    /// show another one than the certificate's.
    /// </summary>
    public string? Signatory => Unreadable is null && _from is [{ Mailboxes: [var mailbox] }] ? mailbox.Address : null;

    /// <summary>Whether something inside is encrypted already or cannot be read, so that nobody knows whom it names.</summary>
    public bool IsSealedInside => Layers.IsSealed;

    private InnerLayers Layers => _layers ??= InnerLayers.Of(_message);

    /// <summary>Whether the message is a report of delivery (RFC 3464) by its structure. Receipts of readers are not: people send them.</summary>
    public bool IsDeliveryReport =>
        TypeReading.IsCertain(_message)
        && _message.ContentType.MediaType == "multipart/report"
        && _message.TryGetParts(out var parts, out _)
        && parts.Any(part => part.ContentType.MediaType is "message/delivery-status" or "message/global-delivery-status");

    /// <summary>Reads the author of a message.</summary>
    public static Authorship Read(MailPath reversePath, Entity message)
    {
        ArgumentNullException.ThrowIfNull(reversePath);
        ArgumentNullException.ThrowIfNull(message);
        return new Authorship(reversePath, message);
    }

    /// <summary>
    /// Whether the message is a bounce: it has the null reverse path, and is a report of delivery or names no author that is ours. The null
    /// path alone says nothing: replies and receipts of people have it too. What cannot be read may name one of ours.
    /// </summary>
    public bool IsBounce(Predicate<MailPath> isOurs) =>
        ReversePath.IsNull && (IsDeliveryReport || !(MayNameSomebody || Everybody().Exists(isOurs)));

    /// <summary>Whether somebody could read an address that matches the pattern in a From that cannot be read.</summary>
    public bool MayBe(AddressPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return MayNameSomebody && (_from.Count > MaxSearched || _from.Exists(field => pattern.MayMatchIn(field.MayShow)));
    }

    /// <summary>
    /// The senders that rules see: the null path for a bounce, else all mailboxes of the header, and the reverse path where it names none.
    /// Of a header that cannot be read, all that anybody could read in it.
    /// </summary>
    public IReadOnlyList<MailPath> RuleSenders(Predicate<MailPath> isOurs) =>
        IsBounce(isOurs) ? [MailPath.Null]
        : Unreadable is not null && Everybody() is { Count: > 0 } everybody ? ReversePath.IsNull ? everybody : [ReversePath, .. everybody]
        : _authors.Count > 0 ? _authors
        : [ReversePath];

    /// <summary>
    /// Why a signature would not be for this author alone to every reader, although the author itself is granted; null where it would.
    /// </summary>
    /// <param name="isGranted">Tells whether who sends the message may use an address.</param>
    public AuthorTrouble? FindDoubt(Predicate<MailPath> isGranted)
    {
        ArgumentNullException.ThrowIfNull(isGranted);
        return Unreadable
            ?? (_from.Count == 0 ? Trouble(AuthorFlaw.Missing)
            : Signatory is null ? Trouble(AuthorFlaw.Several)
            : _from[0].Doubt is { } doubt ? new AuthorTrouble(From, doubt)
            : OtherFields.Select(name => DoubtIn(_message, name, isGranted)).FirstOrDefault(found => found is not null)
                ?? DoubtInside(isGranted));
    }

    /// <summary>
    /// Why nobody should vouch for the domain of the author: the header does not name authors whom everybody sees alike and whom the sender may
    /// use. Several of them are no doubt.
    /// </summary>
    /// <param name="isGranted">Tells whether who sends the message may use an address.</param>
    public AuthorTrouble? FindDoubtInFrom(Predicate<MailPath> isGranted)
    {
        ArgumentNullException.ThrowIfNull(isGranted);
        return Unreadable
            ?? (_authors.Count == 0 ? Trouble(AuthorFlaw.Missing)
            : _from.Count > 1 ? Trouble(AuthorFlaw.Several)
            : _from[0].Doubt is { } doubt ? new AuthorTrouble(From, doubt)
            : _authors.Find(author => !isGranted(author)) is { } stranger ? Trouble(AuthorFlaw.NotGranted, stranger.Address)
            : null);
    }

    /// <summary>Whether all that is judged here holds for another form of the message too.</summary>
    /// <param name="other">The message with another content.</param>
    /// <param name="isGranted">Tells whether who sends the message may use an address.</param>
    public bool HoldsFor(Entity other, Predicate<MailPath> isGranted)
    {
        var found = Read(ReversePath, other);
        return found._authors.SequenceEqual(_authors) && found.Signatory == Signatory && found.Unreadable == Unreadable && found.MayNameSomebody == MayNameSomebody
            && found.HasHiddenLine == HasHiddenLine && found.IsSealedInside == IsSealedInside && found.IsDeliveryReport == IsDeliveryReport
            && found.FindDoubt(isGranted) == FindDoubt(isGranted);
    }

    private AuthorTrouble? DoubtInside(Predicate<MailPath> isGranted)
    {
        // What is inside all layers may carry a header that programs show in place of the outer one (RFC 9788).
        var doubt = Layers.IsUncertain
            ? Trouble(AuthorFlaw.UnclearInside)
            : Layers.Found.Select(found => DoubtInAny(found, isGranted)).FirstOrDefault(found => found is not null);
        return doubt is null ? null : doubt with { IsInside = true };
    }

    // It stays as it is there: sloppy forms are not written anew.
    private static AuthorTrouble? DoubtInAny(Entity message, Predicate<MailPath> isGranted) =>
        DoubtIn(message, From, isGranted, mayBeSloppy: false)
        ?? OtherFields.Select(name => DoubtIn(message, name, isGranted, mayBeSloppy: false)).FirstOrDefault(doubt => doubt is not null);

    private static AuthorTrouble? DoubtIn(Entity message, string name, Predicate<MailPath> isGranted, bool mayBeSloppy = true)
    {
        var lines = AuthorLines.Find(message, name);
        if (lines.HasHidden)
        {
            return new AuthorTrouble(name, new AuthorFault(AuthorFlaw.HiddenLine));
        }

        foreach (var read in lines.Fields.Select(field => AuthorField.Read(field)))
        {
            if ((read.Fault ?? read.Doubt ?? (read.IsSloppy && !mayBeSloppy ? new AuthorFault(AuthorFlaw.UnclearAddress) : null)) is { } trouble)
            {
                return new AuthorTrouble(name, trouble);
            }

            if (read.Mailboxes.FirstOrDefault(mailbox => !MailPath.TryParse(mailbox.Address, out var path) || !isGranted(path)) is { } stranger)
            {
                return new AuthorTrouble(name, new AuthorFault(AuthorFlaw.NotGranted, stranger.Address));
            }
        }

        return null;
    }

    private static AuthorTrouble Trouble(AuthorFlaw flaw, string? address = null) => new(From, new AuthorFault(flaw, address));

    // Of more than anybody reads, rules that encrypt ask MayBe.
    private List<MailPath> Everybody()
    {
        var everybody = new List<MailPath>(_authors);
        foreach (var address in _from.Where(field => field.Fault is not null).SelectMany(field => field.Mentioned).Take(MaxAuthors))
        {
            if (MailPath.TryParse(address, out var path))
            {
                everybody.Add(path);
            }
        }

        return everybody;
    }
}

/// <summary>Why a message shows no author whom everybody sees, or none to sign for.</summary>
/// <param name="Field">The header field that is to blame.</param>
/// <param name="Fault">What about it.</param>
/// <param name="IsInside">Whether the field stands inside of the message, where programs show it in place of the outer one.</param>
public sealed record AuthorTrouble(string Field, AuthorFault Fault, bool IsInside = false)
{
    /// <summary>The cause in words that are fit for a reply.</summary>
    public string Words => $"{(IsInside ? "inside of the message, " : string.Empty)}the header {Field} {Fault.Words}";

    /// <summary>The same for the log, with the address.</summary>
    public override string ToString() => Fault.Address is { } address ? $"{Words}: {address}" : Words;
}
