using System.Collections;
using System.Collections.Frozen;
using System.Net;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>
/// Makes option records of nodes. Every record is made, whatever is wrong with it, so that one error does not hide the others; a
/// record with complaints must not be used for anything but looking for more of them.
/// </summary>
internal sealed class OptionBinder(Complaints complaints, PathStart paths)
{
    private const string Schema = "$schema";

    private readonly ScalarReader _scalars = new(paths);

    /// <summary>Makes a record of an object; of none, the record with all defaults and absolute paths.</summary>
    public object Bind(Type type, ConfigurationNode? node)
    {
        var shape = OptionShape.Of(type);
        var options = Activator.CreateInstance(type)!;
        if (node is not null && node.Kind != NodeKind.Object)
        {
            ComplainAboutMissingObject(type, node);
            node = null;
        }
        else if (node is not null)
        {
            ComplainAboutUnknownKeys(shape, node);
            ComplainAboutMissingKeys(shape, node);
        }

        foreach (var key in shape.Keys)
        {
            BindKey(key, options, node?.Find(key.Name));
        }

        return options;
    }

    private void BindKey(OptionKey key, object options, ConfigurationNode? node)
    {
        if (node is null)
        {
            BindAbsent(key, options);
        }
        else if (node.Kind == NodeKind.Null)
        {
            BindNull(key, options, node);
        }
        else if (key.IsDictionary)
        {
            key.Property.SetValue(options, BindDictionary(key, node));
        }
        else
        {
            key.Property.SetValue(options, key.IsList ? BindList(key, node) : BindValue(key.ElementType, key, node));
        }
    }

    // Defaults hold relative paths, and objects that were left out hold defaults.
    private void BindAbsent(OptionKey key, object options)
    {
        var value = key.Property.GetValue(options);
        if (value is string path && key.Notation is Notation.ReadPath or Notation.WrittenPath)
        {
            key.Property.SetValue(options, paths.Resolve(key.Notation, path));
        }
        else if (value is not null && value is not CertificateSelection && OptionShape.IsOptions(key.Property.PropertyType))
        {
            key.Property.SetValue(options, Bind(key.Property.PropertyType, null));
        }
        else if (key.IsRequired)
        {
            key.Property.SetValue(options, key.IsList ? EmptyList(key.ElementType) : Placeholder(key.ElementType));
        }
    }

    private void BindNull(OptionKey key, object options, ConfigurationNode node)
    {
        if (key.IsNullable)
        {
            key.Property.SetValue(options, null);
            return;
        }

        complaints.Error(node, new Flaw("null is no value here", "Write a value, or leave the key out to get the default."));
        BindAbsent(key, options);
    }

    private object? BindValue(Type type, OptionKey key, ConfigurationNode node)
    {
        if (type == typeof(CertificateSelection) && node.Kind != NodeKind.Object)
        {
            return BindSelection(node);
        }

        if (OptionShape.IsOptions(type))
        {
            return Bind(type, node);
        }

        var flaw = _scalars.TryRead(type, key, node, out var value);
        if (flaw is null)
        {
            return value;
        }

        complaints.Error(node, flaw);
        return Placeholder(type);
    }

    private CertificateSelection BindSelection(ConfigurationNode node)
    {
        if (node is not { Kind: NodeKind.String, Text: "bySender" })
        {
            complaints.Error(node, new Flaw(
                "this does not choose a certificate",
                "Write \"bySender\", { \"thumbprint\": \"...\" } or { \"address\": \"office@example.com\" }."));
        }

        return CertificateSelection.OfSender;
    }

    private Array BindList(OptionKey key, ConfigurationNode node)
    {
        var isListOfObjects = OptionShape.IsOptions(key.ElementType);
        if (node.Kind == NodeKind.Object && isListOfObjects)
        {
            complaints.Error(node, new Flaw("a list is needed here", "Put the object between [ and ]."));
            return EmptyList(key.ElementType);
        }

        if (node.Kind == NodeKind.Array && node.Children.Count == 0 && (key.MustNotBeEmpty || !isListOfObjects))
        {
            complaints.Error(node, new Flaw("the list is empty", key.MustNotBeEmpty ? "Write at least one entry." : "Write at least one entry, or leave the key out."));
        }

        var nodes = node.Kind == NodeKind.Array ? node.Children : [node];
        var list = Array.CreateInstance(key.ElementType, nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            list.SetValue(BindValue(key.ElementType, key, nodes[i]), i);
        }

        return list;
    }

    private FrozenDictionary<string, IReadOnlyList<string>> BindDictionary(OptionKey key, ConfigurationNode node)
    {
        if (node.Kind != NodeKind.Object)
        {
            complaints.Error(node, new Flaw("an object is needed here", "Write { \"Name-Of-The-Field\": \"pattern\" }."));
            return FrozenDictionary<string, IReadOnlyList<string>>.Empty;
        }

        // Header field names ignore case, so two spellings of one name would be two conditions on the same field.
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in node.Children)
        {
            if (member.Key!.Length == 0 || member.Key.Any(c => c is <= ' ' or ':' or > '~'))
            {
                complaints.KeyError(member, new Flaw("no header field has this name", "Write the name of a header field without the colon."));
            }
            else if (!values.TryAdd(member.Key, (IReadOnlyList<string>)(object)BindList(key, member)))
            {
                complaints.KeyError(member, new Flaw("the header field is there twice", "Write all its patterns as one list."));
            }
        }

        return values.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private void ComplainAboutMissingObject(Type type, ConfigurationNode node)
    {
        if (type == typeof(SecretOptions))
        {
            // The value is likely the secret itself, which no log should show.
            complaints.KeyError(node, new Flaw(
                "secrets do not stand in the configuration", "Write { \"file\": \"/run/secrets/name\" } or { \"env\": \"NAME\" }."));
            return;
        }

        complaints.Error(node, new Flaw(
            "an object is needed here", $"Write {{ \"{OptionShape.Of(type).Keys[0].Name}\": ... }}."));
    }

    private void ComplainAboutUnknownKeys(OptionShape shape, ConfigurationNode node)
    {
        foreach (var member in node.Children)
        {
            // Looking for what was meant takes time, and nobody will read it.
            if (complaints.IsFull)
            {
                return;
            }

            var name = member.Key!;
            if (shape.Find(name) is not null || (name == Schema && node.Parent is null))
            {
                continue;
            }

            complaints.KeyError(member, UnknownKey(shape, name, isRoot: node.Parent is null));
        }
    }

    private static Flaw UnknownKey(OptionShape shape, string name, bool isRoot)
    {
        if (NotYet.FindKey(shape.Type, name) is { } remedy)
        {
            return new Flaw("this key is not supported by this version", remedy);
        }

        var known = shape.Keys.Select(key => key.Name).ToList();
        return NearestName.Find(name, isRoot ? [.. known, Schema] : known) is { } meant
            ? new Flaw("this key is not known", $"Did you mean \"{meant}\"?")
            : new Flaw("this key is not known", $"Known here: {string.Join(", ", known)}.");
    }

    private void ComplainAboutMissingKeys(OptionShape shape, ConfigurationNode node)
    {
        foreach (var key in shape.Keys)
        {
            if ((key.IsRequired || key.MustNotBeEmpty) && node.Find(key.Name) is null && !HasUsableDefault(key))
            {
                complaints.Error(new Place(node)[key.Name], new Flaw($"\"{key.Name}\" is missing", "Add it; it has no default."));
            }
        }
    }

    private static bool HasUsableDefault(OptionKey key) =>
        !key.IsRequired && key.Property.GetValue(Activator.CreateInstance(key.Property.DeclaringType!)) is ICollection { Count: > 0 };

    private static Array EmptyList(Type element) => Array.CreateInstance(element, 0);

    private static object? Placeholder(Type type) => type switch
    {
        _ when type == typeof(string) => string.Empty,
        _ when type == typeof(IPEndPoint) => new IPEndPoint(IPAddress.None, 0),
        _ when type == typeof(DnsEndPoint) => new DnsEndPoint("localhost", 1),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
