using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmimeGateway.Host.Admin;

/// <summary>How the admin socket and the commands write JSON.</summary>
internal static class AdminJson
{
    /// <summary>Camel case, enumerations as words, unknown members refused: a filter that was misspelt must not count as no filter.</summary>
    public static readonly JsonSerializerOptions Options = Make(isIndented: false);

    /// <summary>The same, for people who read it.</summary>
    public static readonly JsonSerializerOptions Indented = Make(isIndented: true);

    private static JsonSerializerOptions Make(bool isIndented) => new()
    {
        WriteIndented = isIndented,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
