using System.Collections;
using System.Net;
using System.Text.Json.Nodes;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>The defaults of keys, as they would be written.</summary>
internal static class DefaultValue
{
    /// <summary>The default, or null when there is none: the key is required, or holds an object with defaults of its own.</summary>
    public static JsonNode? Find(OptionKey key)
    {
        // A default in words is another one on every machine.
        var value = key.IsRequired || XmlComments.DefaultInWords(key.Property) is not null ? null : key.Property.GetValue(Activator.CreateInstance(key.Property.DeclaringType!));
        return value is ICollection { Count: 0 } ? null : Write(value);
    }

    private static JsonNode? Write(object? value) => value switch
    {
        string text => text,
        bool flag => flag,
        int number => number,
        long size => SizeText.Format(size),
        TimeSpan duration => DurationText.Format(duration),
        Enum name => ConfiguredName.Of(name),
        IPNetwork network => network.ToString(),
        CertificateSelection => "bySender",
        IDictionary => null,
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Write)]),
        _ => null,
    };
}
