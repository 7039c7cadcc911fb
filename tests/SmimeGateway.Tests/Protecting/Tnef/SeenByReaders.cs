using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>What people see of a message in programs that show different forms of a text, as MimeKit reads it.</summary>
internal static partial class SeenByReaders
{
    /// <summary>Programs that prefer plain text, HTML, and the last form whatever it is: RTF or a calendar.</summary>
    public static readonly string[] All = ["plain", "html", "last"];

    /// <summary>All that is seen, without white space.</summary>
    public static string Seen(byte[] message, string reader)
    {
        using var stream = new MemoryStream(message);
        var seen = new StringBuilder();
        Add(MimeMessage.Load(stream).Body!, reader, seen);
        return Packed(seen.ToString());
    }

    public static string Packed(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private static void Add(MimeEntity entity, string reader, StringBuilder seen)
    {
        switch (entity)
        {
            case MultipartAlternative forms:
                Add(Chosen([.. forms], reader), reader, seen);
                break;
            case MultipartRelated related:
                Add(related[0], reader, seen);
                break;
            case Multipart parts:
                foreach (var part in parts)
                {
                    Add(part, reader, seen);
                }

                break;
            case MessagePart attached:
                seen.AppendLine(attached.Message!.Subject);
                Add(attached.Message.Body!, reader, seen);
                break;
            case TextPart { IsHtml: true } html:
                seen.AppendLine(System.Net.WebUtility.HtmlDecode(Tags().Replace(html.Text, " ")));
                break;
            case TextPart { ContentType.MediaSubtype: "calendar" } calendar:
                seen.AppendLine(Escapes().Replace(calendar.Text.Replace("\r\n ", string.Empty, StringComparison.Ordinal), escape => escape.Groups[1].Value is "n" ? "\n" : escape.Groups[1].Value));
                break;
            case TextPart { ContentType.MediaSubtype: "rtf" } rtf:
                seen.AppendLine(rtf.Text.Replace("\\rquote ", "\u2019", StringComparison.Ordinal));
                break;
            case TextPart text:
                seen.AppendLine(text.Text);
                break;
            case MimePart file:
                using (var octets = new MemoryStream())
                {
                    file.Content!.DecodeTo(octets);
                    seen.AppendLine(Encoding.Latin1.GetString(octets.ToArray()));
                }

                break;
        }
    }

    private static MimeEntity Chosen(List<MimeEntity> forms, string reader) => reader switch
    {
        "plain" => forms.Find(form => form is TextPart { IsPlain: true }) ?? forms[^1],
        "html" => forms.FindLast(form => form is TextPart { IsHtml: true } or MultipartRelated) ?? forms.Find(form => form is TextPart { IsPlain: true }) ?? forms[^1],
        _ => forms[^1],
    };

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escapes();
}
