using System.Text;
using System.Text.Unicode;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime;

/// <summary>Takes a message apart into outer fields and content (RFC 8551 section 3.1).</summary>
public static class ContentSplit
{
    /// <summary>
    /// Splits without changing a byte of what is in either half. In neither are the line that a mailbox file put before the message,
    /// MIME-Version, which is written anew, Content-Length, because it counts the octets of the message that was, and Bcc and Resent-Bcc: no
    /// recipient of protected mail is told of another one who is blind (RFC 5322 section 3.6.3, RFC 9788 section 11.4).
    /// </summary>
    public static SplitMessage Split(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var outer = new List<HeaderField>(message.Header.Count);
        var content = new List<HeaderField>(4);
        foreach (var field in message.Header)
        {
            if (field.IsContentField && !field.Is("Content-Length"))
            {
                content.Add(field);
            }
            else if (field.IsField && !field.IsContentField && !field.Is(MimeVersion.Name) && !NamesBlindRecipients(field))
            {
                outer.Add(field);
            }
        }

        if (message.Header.Find("Content-Type") is null)
        {
            content.Insert(0, HeaderField.Compose("Content-Type", $"text/plain; charset={CharsetOf(message)}"));
        }

        return new SplitMessage(outer, content, message.Body);
    }

    private static bool NamesBlindRecipients(HeaderField field) => field.Is("Bcc") || field.Is("Resent-Bcc");

    // Without a Content-Type a text is ASCII (RFC 2045 section 5.2). One with 8-bit octets is not, and saying so would be a lie that is
    // signed; "unknown-8bit" is the name that RFC 1428 gives to what nobody declared.
    private static string CharsetOf(Entity message)
    {
        var body = TransferDecoding.IsEncoding(message.TransferEncoding) ? message.DecodeBody() : message.Body.Span;
        return Ascii.IsValid(body) ? "us-ascii" : Utf8.IsValid(body) ? "utf-8" : "unknown-8bit";
    }
}
