using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>Writes the reference of all keys from the option types, in Markdown.</summary>
internal static class KeyReference
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write()
    {
        var text = new StringBuilder();
        foreach (var (type, places) in OptionPlaces.All)
        {
            text.Append("\n### ").Append(places[0].Length == 0 ? "The file" : string.Join(", ", places.Select(place => $"`{place}`"))).Append("\n\n");
            text.Append(XmlComments.Summary(type)).Append("\n\n");
            text.Append("| key | type | default | meaning |\n|---|---|---|---|\n");
            foreach (var key in OptionShape.Of(type).Keys)
            {
                text.Append($"| `{key.Name}` | {TypeOf(key)} | {DefaultOf(key)} | {MeaningOf(key)} |\n");
            }

            text.Append("\n```jsonc\n").Append(XmlComments.Example(type)).Append("\n```\n");
        }

        WriteUnsupported(text);
        return text.ToString();
    }

    private static void WriteUnsupported(StringBuilder text)
    {
        text.Append("\n## Not in this version\n\n");
        text.Append("These keys and values have their names already, but this version does not carry them out. They are errors, with this advice:\n\n");
        text.Append("| where | what | instead |\n|---|---|---|\n");
        foreach (var (type, places) in OptionPlaces.All)
        {
            foreach (var (name, remedy) in NotYet.KeysOf(type))
            {
                text.Append($"| {(places[0].Length == 0 ? "the file" : $"`{places[0]}`")} | `{name}` | {remedy} |\n");
            }

            foreach (var key in OptionShape.Of(type).Keys)
            {
                foreach (var (name, remedy) in NotYet.ValuesOf(key.ElementType))
                {
                    text.Append($"| `{places[0]}` | `{key.Name}`: `{name}` | {remedy} |\n");
                }
            }
        }
    }

    private static string DefaultOf(OptionKey key) =>
        key.IsRequired || (key.MustNotBeEmpty && DefaultValue.Find(key) is null) ? "**required**"
        : XmlComments.DefaultInWords(key.Property) is { } words ? words
        : DefaultValue.Find(key) is { } value ? $"`{value.ToJsonString(Readable)}`"
        : OptionShape.IsOptions(key.ElementType) && !key.IsList && !key.IsNullable ? "all defaults"
        : "none";

    private static string MeaningOf(OptionKey key)
    {
        var meaning = XmlComments.Summary(key.Property);
        if (key.Range is { } range)
        {
            // The attribute converts its ends when it first judges a value.
            range.IsValid(Activator.CreateInstance(key.ElementType));
            meaning += key.ElementType switch
            {
                _ when key.ElementType == typeof(TimeSpan) => $" {DurationText.Format((TimeSpan)range.Minimum)} to {DurationText.Format((TimeSpan)range.Maximum)}.",
                _ when key.ElementType == typeof(long) => $" {SizeText.Format((long)range.Minimum)} to {SizeText.Format((long)range.Maximum)}.",
                _ => $" {range.Minimum} to {range.Maximum}.",
            };
        }

        return key.ElementType.IsEnum
            ? meaning + string.Concat(key.ElementType.GetFields().Where(field => field.IsLiteral).Select(field =>
                $"<br>`{ConfiguredName.Of(field)}`: {XmlComments.Summary(field)}"))
            : meaning.Replace("<>", "`<>`", StringComparison.Ordinal);
    }

    private static string TypeOf(OptionKey key)
    {
        var type = key.ElementType;
        var element = type switch
        {
            _ when type == typeof(CertificateSelection) => "`bySender` or object",
            _ when OptionShape.IsOptions(type) => "object",
            _ when type.IsEnum => string.Join(" \\| ", ScalarReader.NamesOf(type).Select(name => $"`{name}`")),
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "number",
            _ when type == typeof(TimeSpan) => "duration",
            _ when type == typeof(long) => "size",
            _ when type == typeof(IPNetwork) => "network",
            _ when type == typeof(IPEndPoint) => "endpoint",
            _ when type == typeof(DnsEndPoint) => "host and port",
            _ => key.Notation switch
            {
                Notation.Name => "name",
                Notation.Address => "address",
                Notation.AddressPattern or Notation.SenderPattern => "address pattern",
                Notation.Wildcard => "pattern",
                Notation.HostName => "host name",
                Notation.Thumbprint or Notation.Fingerprint => "fingerprint",
                Notation.HttpsAddress => "https address",
                Notation.ProxyAddress => "proxy address",
                Notation.VariableName => "name of a variable",
                Notation.ReadPath => "path (read)",
                Notation.WrittenPath => "path (written)",
                _ => "text",
            },
        };
        return key.IsDictionary ? "object of " + element + "s" : key.IsList ? "list: " + element : element;
    }
}
