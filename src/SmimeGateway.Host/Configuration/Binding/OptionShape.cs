using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>The keys of an option record, as the loader, the schema and the documentation see them.</summary>
internal sealed class OptionShape
{
    private static readonly ConcurrentDictionary<Type, OptionShape> Known = new();

    private readonly Dictionary<string, OptionKey> _byName;

    private OptionShape(Type type)
    {
        Type = type;
        var nullability = new NullabilityInfoContext();
        Keys =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.CanWrite)
                .Select(property => new OptionKey
                {
                    Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                    Property = property,
                    Notation = property.GetCustomAttribute<NotationAttribute>()?.Notation ?? Notation.Text,
                    Range = property.GetCustomAttribute<RangeAttribute>(),
                    MustNotBeEmpty = property.GetCustomAttribute<MinLengthAttribute>() is not null,
                    IsRequired = property.GetCustomAttribute<RequiredMemberAttribute>() is not null,
                    IsNullable = nullability.Create(property).WriteState == NullabilityState.Nullable,
                }),
        ];
        _byName = Keys.ToDictionary(key => key.Name, StringComparer.Ordinal);
    }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>Its keys in the order of declaration.</summary>
    public IReadOnlyList<OptionKey> Keys { get; }

    /// <summary>The shape of a record.</summary>
    public static OptionShape Of(Type type) => Known.GetOrAdd(type, static record => new OptionShape(record));

    /// <summary>True for the records that stand for a JSON object.</summary>
    public static bool IsOptions(Type type) => type.IsClass && type.Assembly == typeof(GatewayOptions).Assembly;

    /// <summary>The key of that name, or null.</summary>
    public OptionKey? Find(string name) => _byName.GetValueOrDefault(name);
}
