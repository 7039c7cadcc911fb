using System.Text.Json;

namespace SmimeGateway.Mime.Tests.Corpus;

/// <summary>Compares a message with what mail-parser found in it: the tree, places, fields, addresses, content types, decoded leaves.</summary>
internal sealed class MailParserComparison
{
    private readonly List<string> _differences = [];

    public static IReadOnlyList<string> Compare(Entity message, JsonElement expected)
    {
        var comparison = new MailParserComparison();
        var parts = expected.GetProperty("parts");
        var offset = parts[0].GetProperty("offset_header").GetInt32();
        comparison.ComparePart("1", message, parts, parts[0], offset);
        return comparison._differences;
    }

    private void ComparePart(string place, Entity entity, JsonElement parts, JsonElement expected, int offset)
    {
        var bodyStart = offset + entity.Raw.Length - entity.Body.Length;
        var expectedStart = expected.GetProperty("offset_body").GetInt32();
        var expectedEnd = expected.GetProperty("offset_end").GetInt32();
        // An empty line right before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1), so an empty part has none.
        if (expectedStart != expectedEnd || !entity.Body.IsEmpty)
        {
            Check(place, "body start", expectedStart, bodyStart);
            Check(place, "end", expectedEnd, offset + entity.Raw.Length);
        }

        CompareHeader(place, entity, expected.GetProperty("headers"), offset);

        var body = expected.GetProperty("body").EnumerateObject().Single();
        switch (body.Name)
        {
            case "Multipart":
                CompareMultipart(place, entity, parts, body.Value, bodyStart);
                break;
            case "Message":
                CompareMessage(place, entity, body.Value);
                break;
            case "Text" or "Html":
                Check(place, "text", body.Value.GetString(), Read.Text(entity));
                break;
            default:
                var octets = body.Value.EnumerateArray().Select(octet => octet.GetByte()).ToArray();
                Check(place, "octets", Convert.ToHexString(octets), Convert.ToHexString(entity.DecodeBody()));
                break;
        }
    }

    private void CompareMultipart(string place, Entity entity, JsonElement parts, JsonElement indices, int bodyStart)
    {
        var found = Read.Parts(entity);
        Check(place, "is multipart", true, entity.IsMultipart);
        Check(place, "parts", indices.GetArrayLength(), found.Count);
        var position = 0;
        foreach (var (part, index) in found.Zip(indices.EnumerateArray()))
        {
            var expected = parts[index.GetInt32()];
            var offset = expected.GetProperty("offset_header").GetInt32();
            Check($"{place}.{++position}", "is a slice", true, entity.Body.Span.Overlaps(part.Raw.Span, out var start) || part.Raw.IsEmpty);
            Check($"{place}.{position}", "start", offset, part.Raw.IsEmpty ? offset : bodyStart + start);
            ComparePart($"{place}.{position}", part, parts, expected, offset);
        }
    }

    private void CompareMessage(string place, Entity entity, JsonElement message)
    {
        var found = Read.Parts(entity);
        Check(place, "is message", 1, found.Count);
        if (found.Count == 1)
        {
            var parts = message.GetProperty("parts");
            ComparePart(place + ".m", found[0], parts, parts[0], parts[0].GetProperty("offset_header").GetInt32());
        }
    }

    private void CompareHeader(string place, Entity entity, JsonElement expected, int offset)
    {
        var fields = entity.Header.Where(field => field.IsField).ToList();
        var names = expected.EnumerateArray().Select(NameOf).ToList();
        Check(place, "fields", string.Join(' ', names), string.Join(' ', fields.Select(field => field.Name.ToLowerInvariant())));
        foreach (var (field, header) in fields.Zip(expected.EnumerateArray()))
        {
            var at = $"{place} {field.Name}";
            entity.Raw.Span.Overlaps(field.Raw.Span, out var start);
            Check(at, "start", header.GetProperty("offset_field").GetInt32(), offset + start);
            Check(at, "end", header.GetProperty("offset_end").GetInt32(), offset + start + field.Raw.Length);
            CompareValue(at, field, header.GetProperty("value"));
        }
    }

    private void CompareValue(string at, HeaderField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var content = value.EnumerateObject().Single();
        switch (content.Name)
        {
            case "Text" when field.Is("Message-ID") || field.Is("Content-ID") || field.Is("Return-Path") || field.Is("In-Reply-To"):
                Check(at, "id", content.Value.GetString(), field.Text.TrimStart('<').TrimEnd('>'));
                break;
            case "Text":
                Check(at, "text", content.Value.GetString()!.Replace("\r\n", "", StringComparison.Ordinal).Replace('\t', ' '), field.Text.Replace('\t', ' '));
                break;
            case "Address" when !field.Name.StartsWith("List-", StringComparison.OrdinalIgnoreCase):
                CompareAddresses(at, field, content.Value);
                break;
            case "ContentType":
                CompareParameters(at, field, content.Value);
                break;
        }
    }

    private void CompareAddresses(string at, HeaderField field, JsonElement value)
    {
        var expected = value.TryGetProperty("List", out var list)
            ? list.EnumerateArray().ToList()
            : value.GetProperty("Group").EnumerateArray().SelectMany(group => group.GetProperty("addresses").EnumerateArray()).ToList();
        // mail-parser takes any word for an address; a list with one that has no domain is none to us.
        var isList = expected.All(address => address.GetProperty("address").GetString()?.Contains('@', StringComparison.Ordinal) == true);
        var written = isList
            ? string.Join(", ", expected.Select(address => $"{address.GetProperty("name")}|{address.GetProperty("address")}"))
            : "unreadable";
        var found = AddressList.TryParse(field.Body, out var mailboxes)
            ? string.Join(", ", mailboxes.Select(mailbox => $"{mailbox.DisplayName}|{mailbox.Address}"))
            : "unreadable";
        Check(at, "addresses", written, found);
    }

    private void CompareParameters(string at, HeaderField field, JsonElement expected)
    {
        var subtype = expected.GetProperty("c_subtype").GetString();
        var value = expected.GetProperty("c_type").GetString() + (subtype is null ? "" : "/" + subtype);
        ContentType.TryParse(field.Body, out var found).ShouldBeTrue();
        Check(at, "value", value.ToLowerInvariant(), found!.MediaType);
        if (expected.GetProperty("attributes") is { ValueKind: JsonValueKind.Array } attributes)
        {
            foreach (var attribute in attributes.EnumerateArray())
            {
                var name = attribute.GetProperty("name").GetString()!;
                Check(at, name, attribute.GetProperty("value").GetString(), found.Parameter(name));
            }
        }
    }

    private static string NameOf(JsonElement header)
    {
        var name = header.GetProperty("name");
        return name.ValueKind == JsonValueKind.String
            ? name.GetString()!.Replace('_', '-')
            : name.GetProperty("other").GetString()!.ToLowerInvariant();
    }

    private void Check<T>(string place, string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            _differences.Add($"{place}: {what}: expected {Short(expected)}, found {Short(found)}");
        }
    }

    private static string Short(object? value)
    {
        var text = value?.ToString()?.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) ?? "null";
        return text.Length > 160 ? text[..160] + "..." : text;
    }
}
