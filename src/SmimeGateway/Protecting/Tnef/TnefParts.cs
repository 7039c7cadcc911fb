using System.Buffers;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Composing;
using SmimeGateway.Protecting.Tnef.Bodies;

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
    /// <param name="body">Its texts, with the one in front of it.</param>
    /// <param name="calendar">Its meeting, or null.</param>
    /// <param name="before">The text in front of the object, or null.</param>
    /// <param name="isBlank">Whether that text says nothing.</param>
    public static NewParts Of(TnefMessage message, IReadOnlyList<BodyGroup> body, MeetingCalendar? calendar, Entity? before, bool isBlank)
    {
        // The text in front of an object is what the sender's server made of it for those who cannot read it; unless it is another one.
        List<BodyGroup> groups = [.. body.Where(group => group.IsOfObject)];
        var hasBody = groups.Count > 0 || calendar is not null;
        var takesBefore = isBlank ? hasBody : groups.Exists(group => group.HasBefore);
        var pictures = new HashSet<TnefAttachment>();
        List<NewPart> parts = [.. groups.Select((group, i) => Alternative(message, group, i == 0 ? calendar : null, before, pictures))];
        if (groups.Count == 0 && calendar is not null)
        {
            parts.Add(Calendar(calendar));
        }

        parts.AddRange(Attachments(message, pictures));
        if (parts.Count == 0 && before is not null)
        {
            return new NewParts([NewPart.Kept(before)], TakesBefore: true);
        }

        // What is attached is attached to something: alone, it would be the message itself.
        return new NewParts((before is null && !hasBody) || parts.Count == 0 ? [NewPart.Text("plain", string.Empty), .. parts] : parts, takesBefore);
    }

    // From the plainest to the best (RFC 2046 section 5.1.4), and what a calendar does with it as the last.
    private static NewPart Alternative(TnefMessage message, BodyGroup group, MeetingCalendar? calendar, Entity? before, HashSet<TnefAttachment> pictures)
    {
        List<NewPart> forms = [];
        if (group.HasBefore || group.Plain is not null)
        {
            forms.Add(group.HasBefore ? NewPart.Kept(before!) : NewPart.Text("plain", group.Plain!));
        }

        if (group.Rich is { Rtf: { } rtf })
        {
            forms.Add(NewPart.File("text/rtf", rtf, "body.rtf", isShown: true));
        }

        if (group.Html is { } html)
        {
            List<TnefAttachment> shown = [.. Pictures(message, html.Source).Where(pictures.Add)];
            forms.Add(NewPart.Multipart("related", [NewPart.Text("html", html.Source), .. shown.Select(picture => File(picture, isShown: true))]));
        }

        if (calendar is not null)
        {
            forms.Add(Calendar(calendar));
        }

        return NewPart.Multipart("alternative", forms);
    }

    private static NewPart Calendar(MeetingCalendar calendar) => NewPart.Text("calendar", calendar.Text, ("method", calendar.Method));

    private static IEnumerable<NewPart> Attachments(TnefMessage message, HashSet<TnefAttachment> pictures)
    {
        foreach (var attachment in message.Attachments)
        {
            if (attachment.Message is { } inner)
            {
                var parts = Of(inner, BodyGroup.Of(inner.Forms, before: null, inner.FileNames), calendar: null, before: null, isBlank: false).Parts;
                yield return NewPart.Message(HeaderOf(inner), NewPart.Multipart("mixed", parts));
            }
            else if (attachment.Octets is not null && !pictures.Contains(attachment))
            {
                yield return File(attachment, isShown: false);
            }
        }
    }

    private static IEnumerable<TnefAttachment> Pictures(TnefMessage message, string html)
    {
        var shown = ShownIds.Of(html);
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
        header.AddText("Subject", message.Subject);
        if ((message.Properties.Moment(TnefIds.ClientSubmitTime) ?? message.Properties.Moment(TnefIds.MessageDeliveryTime)) is { } moment)
        {
            header.AddDate(new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)));
        }

        return header;
    }
}
