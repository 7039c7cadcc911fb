using System.Globalization;
using System.Net;
using System.Reflection;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Reads values that are no objects and no lists.</summary>
internal sealed class ScalarReader(PathStart paths)
{
    /// <summary>The names by which the values of an enumeration are written.</summary>
    public static IEnumerable<string> NamesOf(Type enumeration) =>
        enumeration.GetFields(BindingFlags.Public | BindingFlags.Static).Select(ConfiguredName.Of);

    /// <summary>Reads a value; says what is wrong otherwise.</summary>
    public Flaw? TryRead(Type type, OptionKey key, ConfigurationNode node, out object? value)
    {
        var flaw = TryRead(type, key.Notation, node, out value);
        return flaw ?? CheckRange(type, key, value);
    }

    private Flaw? TryRead(Type type, Notation notation, ConfigurationNode node, out object? value)
    {
        value = null;
        if (type == typeof(bool))
        {
            value = node.Text == "true";
            return node.Kind == NodeKind.Boolean ? null : new Flaw("true or false is needed here", "Write true or false, without quotation marks.");
        }

        if (type == typeof(int))
        {
            return TryReadNumber(node, out value);
        }

        if (node.Kind != NodeKind.String)
        {
            return new Flaw("a text is needed here", $"Write it in quotation marks{ExampleOf(type)}.");
        }

        var text = node.Text;
        switch (type)
        {
            case var _ when type == typeof(string):
                value = NotationCheck.Normalize(notation, text);
                return NotationCheck.Check(notation, text) ?? Resolve(notation, text, ref value);
            case var _ when type == typeof(TimeSpan):
                return Take(DurationText.TryParse(text, out var duration), duration, out value);
            case var _ when type == typeof(long):
                return Take(SizeText.TryParse(text, out var size), size, out value);
            case var _ when type == typeof(IPNetwork):
                return Take(NetworkText.TryParse(text, out IPNetwork network), network, out value);
            case var _ when type == typeof(IPEndPoint):
                return Take(NetworkText.TryParse(text, out IPEndPoint endpoint), endpoint, out value);
            case var _ when type == typeof(DnsEndPoint):
                return Take(NetworkText.TryParse(text, out DnsEndPoint host), host, out value);
            default:
                return TryReadName(type, text, out value);
        }
    }

    private Flaw? Resolve(Notation notation, string text, ref object? value)
    {
        if (notation is Notation.ReadPath or Notation.WrittenPath)
        {
            value = paths.Resolve(notation, text);
        }

        return null;
    }

    private static Flaw? Take<T>(Flaw? flaw, T read, out object? value)
    {
        value = read;
        return flaw;
    }

    private static Flaw? TryReadNumber(ConfigurationNode node, out object? value)
    {
        value = 0;
        if (node.Kind != NodeKind.Number)
        {
            return new Flaw("a number is needed here", "Write a whole number, without quotation marks.");
        }

        if (!int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return new Flaw("this is not a whole number that fits here", "Write a smaller whole number, without point or exponent.");
        }

        value = number;
        return null;
    }

    private static Flaw? TryReadName(Type enumeration, string text, out object? value)
    {
        value = null;
        foreach (Enum member in Enum.GetValues(enumeration))
        {
            if (ConfiguredName.Of(member) == text)
            {
                value = member;
                return null;
            }
        }

        if (NotYet.FindValue(enumeration, text) is { } remedy)
        {
            return new Flaw("this value is not supported by this version", remedy);
        }

        var names = NamesOf(enumeration).ToList();
        var choices = string.Join(" or ", names.Select(ConfigurationNode.Quote));
        return NearestName.Find(text, names) is { } meant && names.Count > 1
            ? new Flaw("this value is not known", $"Did you mean \"{meant}\"? Write {choices}.")
            : new Flaw("this value is not known", $"Write {choices}.");
    }

    private static Flaw? CheckRange(Type type, OptionKey key, object? value)
    {
        if (key.Range is null || value is null || key.Range.IsValid(value))
        {
            return null;
        }

        // IsValid has converted both ends to the type of the value.
        var (least, most) = type switch
        {
            _ when type == typeof(TimeSpan) => (DurationText.Format((TimeSpan)key.Range.Minimum), DurationText.Format((TimeSpan)key.Range.Maximum)),
            _ when type == typeof(long) => (SizeText.Format((long)key.Range.Minimum), SizeText.Format((long)key.Range.Maximum)),
            _ => ($"{key.Range.Minimum}", $"{key.Range.Maximum}"),
        };
        return new Flaw($"this is not between {least} and {most}", "Write a value in that range.");
    }

    private static string ExampleOf(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => ", with a unit: \"30s\"",
        _ when type == typeof(long) => ", with a unit: \"50MB\"",
        _ => string.Empty,
    };
}
