using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>Writes the JSON schema of the configuration from the option types.</summary>
internal static class SchemaWriter
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    public static string Write()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "SmimeGateway configuration",
            ["allowTrailingCommas"] = true,
        };
        foreach (var (name, value) in WriteObject(typeof(GatewayOptions)).ToList())
        {
            schema[name] = value?.DeepClone();
        }

        ((JsonObject)schema["properties"]!).Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "This schema, for editors." });
        schema["$defs"] = new JsonObject(OptionPlaces.All.Skip(1).Select(option =>
            new KeyValuePair<string, JsonNode?>(NameOf(option.Type), WriteObject(option.Type))));
        return schema.ToJsonString(Indented) + "\n";
    }

    private static string NameOf(Type type) => JsonNamingPolicy.CamelCase.ConvertName(type.Name.Replace("Options", string.Empty, StringComparison.Ordinal));

    private static JsonObject WriteObject(Type type)
    {
        var shape = OptionShape.Of(type);
        var schema = new JsonObject
        {
            ["description"] = XmlComments.Summary(type),
            ["type"] = "object",
            ["additionalProperties"] = false,
        };
        var required = shape.Keys.Where(key => key.IsRequired || (key.MustNotBeEmpty && DefaultValue.Find(key) is null)).ToList();
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(key => JsonValue.Create(key.Name))]);
        }

        schema["properties"] = new JsonObject(shape.Keys.Select(key => new KeyValuePair<string, JsonNode?>(key.Name, WriteKey(key))));
        return schema;
    }

    private static JsonObject WriteKey(OptionKey key)
    {
        var schema = new JsonObject { ["description"] = XmlComments.Summary(key.Property) };
        var value = key.IsDictionary ? WriteDictionary(key) : key.IsList ? WriteList(key) : WriteValue(key);
        foreach (var (name, node) in value.ToList())
        {
            schema[name] = node?.DeepClone();
        }

        if (DefaultValue.Find(key) is { } standard)
        {
            schema["default"] = standard;
        }

        return schema;
    }

    private static JsonObject WriteDictionary(OptionKey key) => new() { ["type"] = "object", ["additionalProperties"] = WriteList(key) };

    private static JsonObject WriteList(OptionKey key)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = WriteValue(key) };
        if (OptionShape.IsOptions(key.ElementType))
        {
            if (key.MustNotBeEmpty)
            {
                list["minItems"] = 1;
            }

            return list;
        }

        list["minItems"] = 1;
        return new JsonObject { ["anyOf"] = new JsonArray(WriteValue(key), list) };
    }

    private static JsonObject WriteValue(OptionKey key)
    {
        var type = key.ElementType;
        return type switch
        {
            _ when type == typeof(CertificateSelection) =>
                new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "bySender" }, Reference(type)) },
            _ when OptionShape.IsOptions(type) => Reference(type),
            _ when type.IsEnum => new JsonObject { ["enum"] = new JsonArray([.. ScalarReader.NamesOf(type).Select(name => JsonValue.Create(name))]) },
            _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ when type == typeof(int) => new JsonObject
            {
                ["type"] = "integer",
                ["minimum"] = (int)key.Range!.Minimum,
                ["maximum"] = (int)key.Range.Maximum,
            },
            _ when type == typeof(TimeSpan) => Text(DurationText.Pattern),
            _ when type == typeof(long) => Text(SizeText.Pattern),
            _ when type == typeof(IPEndPoint) => Text(":[0-9]+$"),
            _ when key.Notation == Notation.Thumbprint => Text("^([0-9A-Fa-f]{2}[: ]?){20}$"),
            _ when key.Notation == Notation.Fingerprint => Text("^([0-9A-Fa-f]{2}[: ]?){32}$"),
            _ when key.Notation == Notation.HttpsAddress => Text("^https?://"),
            _ when key.Notation == Notation.ProxyAddress => Text("^(socks5|http)://([^:@/]+@)?[^@/]+:[0-9]+/?$"),
            _ when key is { IsNullable: true, IsList: false, Property.PropertyType: var text } && text == typeof(string) && DefaultValue.Find(key) is not null =>
                new JsonObject { ["type"] = new JsonArray("string", "null"), ["minLength"] = 1 },
            _ => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
        };
    }

    private static JsonObject Text(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Reference(Type type) => new() { ["$ref"] = "#/$defs/" + NameOf(type) };
}
