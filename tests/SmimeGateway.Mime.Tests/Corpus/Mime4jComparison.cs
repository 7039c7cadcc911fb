using System.Text;
using System.Text.Unicode;
using System.Xml.Linq;

namespace SmimeGateway.Mime.Tests.Corpus;

/// <summary>Compares a message with the tree that mime4j wrote: entities, fields, preambles and epilogues.</summary>
internal sealed class Mime4jComparison
{
    private readonly List<string> _differences = [];

    public static IReadOnlyList<string> Compare(Entity message, XElement expected)
    {
        var comparison = new Mime4jComparison();
        comparison.CompareEntity("1", message, expected);
        return comparison._differences;
    }

    private void CompareEntity(string place, Entity entity, XElement expected)
    {
        var fields = expected.Element("header")!.Elements("field").Select(field => field.Value.Trim('\n')).ToList();
        Check(place, "fields", string.Join('\n', fields.Select(Flat)), string.Join('\n', FieldsOf(entity).Select(Flat)));

        var body = expected.Elements().Single(element => element.Name != "header");
        switch (body.Name.LocalName)
        {
            case "multipart":
                CompareMultipart(place, entity, body);
                break;
            case "message":
                Check(place, "is message", true, entity.IsMessage);
                CompareEntity(place + ".m", Read.Parts(entity)[0], body);
                break;
            default:
                Check(place, "kind", body.Name.LocalName == "text-body", entity.ContentType.Type == "text");
                Check(place, "parts", 0, Read.Parts(entity).Count);
                break;
        }
    }

    private void CompareMultipart(string place, Entity entity, XElement expected)
    {
        var parts = Read.Parts(entity);
        Check(place, "is multipart", true, entity.IsMultipart);
        Check(place, "preamble", TextOf(expected.Element("preamble")), Flat(Decode(entity.Preamble)));
        Check(place, "epilogue", TextOf(expected.Element("epilogue")), Flat(Decode(entity.Epilogue)));
        var bodies = expected.Elements("body-part").ToList();
        Check(place, "parts", bodies.Count, parts.Count);
        for (var i = 0; i < Math.Min(bodies.Count, parts.Count); i++)
        {
            CompareEntity($"{place}.{i + 1}", parts[i], bodies[i]);
        }
    }

    private static IEnumerable<string> FieldsOf(Entity entity) =>
        entity.Header.Where(field => field.IsField).Select(field => Decode(field.Raw).Trim('\n'));

    private static string Decode(ReadOnlyMemory<byte> bytes) =>
        (Utf8.IsValid(bytes.Span) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes.Span).Replace("\r\n", "\n", StringComparison.Ordinal);

    // mime4j writes line ends around these texts at will, and XML cannot carry all of their characters.
    private static string TextOf(XElement? element) => Flat(element?.Value ?? string.Empty);

    private static string Flat(string text) => new([.. text.Trim().Where(character => character is '\n' or (>= ' ' and <= '~'))]);

    private void Check<T>(string place, string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            _differences.Add($"{place}: {what}: expected\n{expected}\n   found\n{found}");
        }
    }
}
