using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmimeGateway.Settings;

/// <summary>The names by which the configuration writes the values of enumerations, and so does the log.</summary>
public static class ConfiguredName
{
    /// <summary>The name of a value.</summary>
    public static string Of(Enum value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Of(value.GetType().GetField(value.ToString())!);
    }

    /// <summary>The name of a member: its own in camel case, unless an attribute gives another.</summary>
    public static string Of(FieldInfo member) =>
        member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.CamelCase.ConvertName((member ?? throw new ArgumentNullException(nameof(member))).Name);
}
