using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Cms;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>The comments of the option types, as the compiler wrote them beside the assemblies.</summary>
internal static partial class XmlComments
{
    private static readonly Dictionary<string, XElement> Members =
        new[] { typeof(GatewayOptions), typeof(ContentCipher), typeof(AuthorityKey) }
            .Select(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")))
            .SelectMany(comments => comments.Descendants("member"))

            // What the compiler generates has the same names in every assembly, and no comments that anybody asks for.
            .DistinctBy(member => member.Attribute("name")!.Value)
            .ToDictionary(member => member.Attribute("name")!.Value);

    public static string Summary(MemberInfo member) => Text(member, "summary") ?? throw new InvalidOperationException($"{member} has no summary.");

    /// <summary>The default in words, where it is not the same everywhere.</summary>
    public static string? DefaultInWords(MemberInfo member) => Text(member, "value");

    public static string Example(Type type)
    {
        // The compiler indents what it writes; the first line of the example is as far to the left as any.
        var lines = Members["T:" + type.FullName].Element("example")!.Element("code")!.Value.TrimEnd().TrimStart('\n').Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line[indent..].TrimEnd()));
    }

    private static string? Text(MemberInfo member, string element)
    {
        var found = Members.GetValueOrDefault(IdOf(member))?.Element(element);
        if (found is null)
        {
            return null;
        }

        var words = string.Concat(found.Nodes().Select(node => node is XElement { Name.LocalName: "c" } code ? $"`{code.Value}`" : node is XText text ? text.Value : throw new InvalidOperationException(member + ": only text and c, please.")));
        return Blanks().Replace(words, " ").Trim();
    }

    private static string IdOf(MemberInfo member) => member switch
    {
        Type type => "T:" + type.FullName,
        PropertyInfo property => $"P:{property.DeclaringType!.FullName}.{property.Name}",
        _ => $"F:{member.DeclaringType!.FullName}.{member.Name}",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
