using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace SmimeGateway.Mime.Tests.Judges;

/// <summary>What MimeKit reads in an entity: types with parameters, file names, decoded octets, authors and recipients.</summary>
internal static class MimeKitReading
{
    static MimeKitReading() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string[] Of(byte[] entity)
    {
        var found = new List<string>();
        using var stream = new MemoryStream(entity);
        Read(MimeEntity.Load(stream), "1", found);
        return [.. found];
    }

    private static void Read(MimeEntity entity, string place, List<string> found)
    {
        var parameters = entity.ContentType.Parameters.Select(parameter => $"{parameter.Name.ToLowerInvariant()}={parameter.Value.TrimEnd(' ', '\t')}");
        found.Add($"{place} {entity.ContentType.MimeType} {string.Join(';', parameters)}");
        found.Add($"{place} {entity.ContentDisposition?.Disposition} {entity.ContentDisposition?.FileName} {entity.ContentId}");
        found.Add($"{place} {entity.Headers[HeaderId.ContentDescription]?.TrimEnd()}");
        switch (entity)
        {
            case Multipart multipart:
                for (var i = 0; i < multipart.Count; i++)
                {
                    Read(multipart[i], $"{place}.{i + 1}", found);
                }

                break;
            case MessagePart { Message: { } message }:
                ReadMessage(message, place, found);
                break;
            case MessageDeliveryStatus status:
                found.AddRange(status.StatusGroups.SelectMany(group => group).Select(field => $"{place} {Field(field)}"));
                break;
            case MessageDispositionNotification notification:
                found.AddRange(notification.Fields.Select(field => $"{place} {Field(field)}"));
                break;
            case MimePart part:
                using (var decoded = new MemoryStream())
                {
                    part.Content?.DecodeTo(decoded);
                    var octets = entity.ContentType.MediaType == "message" ? WithoutBlanksAtLineEnds(decoded.ToArray()) : decoded.ToArray();
                    found.Add($"{place} octets {Convert.ToHexString(SHA256.HashData(octets))}");
                }

                break;
        }
    }

    private static void ReadMessage(MimeMessage message, string place, List<string> found)
    {
        foreach (var (name, list) in new[] { ("from", message.From), ("to", message.To), ("cc", message.Cc), ("reply-to", message.ReplyTo) })
        {
            found.Add($"{place} {name} {string.Join(", ", list.Mailboxes.Select(mailbox => $"{mailbox.Name} <{mailbox.Address}>"))}");
        }

        found.Add($"{place} sender {message.Sender?.Address}");
        foreach (var name in new[] { "Subject", "X-Note", "Message-ID", "References", "Received", "Date" })
        {
            found.Add($"{place} {name} {OneBlank(message.Headers[name])}");
        }

        if (message.Body is { } body)
        {
            Read(body, place + ".1", found);
        }
    }

    // Reports that it does not know are fields all the same.
    private static byte[] WithoutBlanksAtLineEnds(byte[] octets) =>
        Encoding.Latin1.GetBytes(string.Join("\r\n", Encoding.Latin1.GetString(octets).Split("\r\n").Select(line => line.TrimEnd(' ', '\t'))));

    private static string OneBlank(string? value) => string.Join(' ', (value ?? string.Empty).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Field(Header field) => $"{field.Field.ToLowerInvariant()}: {OneBlank(field.Value)}";
}
