using System.ComponentModel.DataAnnotations;
using System.Reflection;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>One key of an object of the configuration.</summary>
internal sealed class OptionKey
{
    /// <summary>The key as written.</summary>
    public required string Name { get; init; }

    /// <summary>The property that holds the value.</summary>
    public required PropertyInfo Property { get; init; }

    /// <summary>How a text is written.</summary>
    public required Notation Notation { get; init; }

    /// <summary>The smallest and greatest value, or null.</summary>
    public RangeAttribute? Range { get; init; }

    /// <summary>True for a list that needs an element even when the key is left out.</summary>
    public required bool MustNotBeEmpty { get; init; }

    /// <summary>True when there is no default.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>True when null is a value.</summary>
    public required bool IsNullable { get; init; }

    /// <summary>The type of the value, or of each element of a list.</summary>
    public Type ElementType => IsDictionary ? typeof(string) : ListElement(Type) ?? Nullable.GetUnderlyingType(Type) ?? Type;

    /// <summary>True when the value is a list; a single value then stands for a list of one.</summary>
    public bool IsList => ListElement(Type) is not null;

    /// <summary>True when the value is an object with free keys, each with a list of texts.</summary>
    public bool IsDictionary => Type == typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>);

    private Type Type => Property.PropertyType;

    private static Type? ListElement(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
