using System.Buffers;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Composing;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>Says in MIME what a TNEF object says.</summary>
internal static class TnefParts
{
    private const string AnyType = "application/octet-stream";

    // What gives parts a meaning for the whole, or lets a part be taken for a signature, a message or a multipart: a file is a file.
    private static readonly string[] Telling = ["multipart", "message", "pkcs", "pgp", "tnef", "calendar", "signature", "signed", "encrypted", "smime", "rights"];

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$&+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_abcdefghijklmnopqrstuvwxyz");

    /// <summary>The parts of a message that a header names.</summary>
    /// <param name="message">What the object says.</param>
    /// <param name="calendar">Its meeting, or null.</param>
    /// <param name="before">The text that stands before the object, or null.</param>
    public static NewParts Of(TnefMessage message, MeetingCalendar? calendar, Entity? before)
    {
        // The text in front of an object is what the sender's server made of it for those who cannot read it; unless it is another one.
        var shown = before is null ? null : LeafText.Read(before);
        var hasBody = message.HasBody || calendar is not null;
        var takesBefore = shown is not null && hasBody && (string.IsNullOrWhiteSpace(shown) || SaysAll(message, shown));
        List<NewPart> parts = [.. Body(message, calendar, takesBefore && !string.IsNullOrWhiteSpace(shown) ? NewPart.Kept(before!) : null), .. Attachments(message)];

        // What is attached is attached to something: alone, it would be the message itself.
        return new NewParts(shown is null && !hasBody || parts.Count == 0 ? [NewPart.Text("plain", string.Empty), .. parts] : parts, takesBefore);
    }

    // Where looks are kept beside it, a text may be short of some words of theirs; where it is all that stays, of none.
    private static bool SaysAll(TnefMessage message, string shown) => message.Html is not null || message.Rtf is not null
        ? SameText.Is(shown, message.Text ?? SameText.OfHtml(message.Html ?? string.Empty))
        : SameText.IsWordForWord(shown, message.Text ?? string.Empty);

    // From the plainest to the best (RFC 2046 section 5.1.4), and what a calendar does with it as the last.
    private static NewPart[] Body(TnefMessage message, MeetingCalendar? calendar, NewPart? text)
    {
        text ??= message.Text is { } plain ? NewPart.Text("plain", plain) : null;
        List<NewPart> forms = [.. text is null ? Array.Empty<NewPart>() : [text]];
        if (message.Rtf is { } rtf)
        {
            forms.Add(NewPart.File("text/rtf", rtf, "body.rtf", isShown: true));
        }

        if (message.Html is { } html)
        {
            forms.Add(NewPart.Multipart("related", [NewPart.Text("html", html), .. Pictures(message).Select(picture => File(picture, isShown: true))]));
        }

        if (calendar is not null)
        {
            forms.Add(NewPart.Text("calendar", calendar.Text, ("method", calendar.Method)));
        }

        return forms.Count == 0 ? [] : [NewPart.Multipart("alternative", forms)];
    }

    private static IEnumerable<NewPart> Attachments(TnefMessage message)
    {
        HashSet<TnefAttachment> pictures = [.. Pictures(message)];
        foreach (var attachment in message.Attachments)
        {
            if (attachment.Message is { } inner)
            {
                yield return NewPart.Message(HeaderOf(inner), NewPart.Multipart("mixed", Of(inner, calendar: null, before: null).Parts));
            }
            else if (attachment.Octets is not null && !pictures.Contains(attachment))
            {
                yield return File(attachment, isShown: false);
            }
        }
    }

    private static IEnumerable<TnefAttachment> Pictures(TnefMessage message)
    {
        var shown = message.Html is { } html ? ShownIds.Of(html) : [];
        return message.Attachments.Where(attachment =>
            attachment is { Message: null, Octets: not null }
            && attachment.Properties.Text(TnefIds.AttachContentId) is { } contentId
            && shown.Contains(contentId)
            && TypeOf(attachment).StartsWith("image/", StringComparison.OrdinalIgnoreCase));
    }

    private static NewPart File(TnefAttachment attachment, bool isShown) => NewPart.File(
        TypeOf(attachment), attachment.Octets!, attachment.Name, isShown, attachment.Properties.Text(TnefIds.AttachContentId));

    private static string TypeOf(TnefAttachment attachment)
    {
        var type = attachment.Properties.Text(TnefIds.AttachMimeTag) ?? MimeKit.MimeTypes.GetMimeType(FileNames.Clean(attachment.Name) ?? "file");
        return type.Split('/') is [{ Length: > 0 and <= 60 } family, { Length: > 0 and <= 100 } kind]
            && !family.AsSpan().ContainsAnyExcept(Token) && !kind.AsSpan().ContainsAnyExcept(Token)
            && !Array.Exists(Telling, word => type.Contains(word, StringComparison.OrdinalIgnoreCase))
                ? type
                : AnyType;
    }

    private static NewHeader HeaderOf(TnefMessage message)
    {
        var header = new NewHeader();
        header.AddMailboxes("From", [message.Author]);
        header.AddMailboxes("To", [.. message.Recipients.Where(recipient => !recipient.IsCopy).Select(recipient => (recipient.Name, recipient.Address))]);
        header.AddMailboxes("Cc", [.. message.Recipients.Where(recipient => recipient.IsCopy).Select(recipient => (recipient.Name, recipient.Address))]);
        header.AddText("Subject", message.Properties.Text(TnefIds.Subject));
        if ((message.Properties.Moment(TnefIds.ClientSubmitTime) ?? message.Properties.Moment(TnefIds.MessageDeliveryTime)) is { } moment)
        {
            header.AddDate(new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)));
        }

        return header;
    }
}
