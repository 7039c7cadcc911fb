using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>A value of the configuration file that knows where it stands.</summary>
internal sealed class ConfigurationNode
{
    // Enough of a value to recognise it; a configuration is not quoted at length in a log.
    private const int MaxShownCharacters = 60;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Below this, looking through the members is quicker than an index; no object of a configuration reaches it.
    private const int MinIndexedMembers = 32;

    private List<ConfigurationNode>? _children;
    private Dictionary<string, ConfigurationNode>? _index;

    /// <summary>The kind of value.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Where the value begins, in bytes from the start of the file.</summary>
    public required int Offset { get; init; }

    /// <summary>Where the key begins; that of the value when it has none.</summary>
    public required int KeyOffset { get; init; }

    /// <summary>The text of a string, or the number, true, false or null as written; empty for objects and arrays.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>The object or array this stands in, or null for the outermost value.</summary>
    public ConfigurationNode? Parent { get; init; }

    /// <summary>The key in the object, or null for an element of an array.</summary>
    public string? Key { get; init; }

    /// <summary>The position in the array or object, from zero.</summary>
    public int Index { get; init; }

    /// <summary>The members of an object or the elements of an array, in order.</summary>
    public IReadOnlyList<ConfigurationNode> Children => _children ?? [];

    /// <summary>The JSON path, such as <c>$.rules[0].sign</c>.</summary>
    public string Path => Parent is null ? "$" : Parent.Path + (Key is null ? ElementSuffix(Index) : MemberSuffix(Key));

    /// <summary>The member of that key, or null.</summary>
    public ConfigurationNode? Find(string key)
    {
        if (Kind != NodeKind.Object || _children is null)
        {
            return null;
        }

        if (_children.Count < MinIndexedMembers)
        {
            return _children.Find(child => child.Key == key);
        }

        _index ??= _children.ToDictionary(child => child.Key!, StringComparer.Ordinal);
        return _index.GetValueOrDefault(key);
    }

    /// <summary>How a member's path continues that of its object.</summary>
    public static string MemberSuffix(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '$' or '_' or '-') ? "." + key : $"[{Quote(Shorten(key))}]";

    /// <summary>How an element's path continues that of its array.</summary>
    public static string ElementSuffix(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>A text in quotation marks, with control characters escaped.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Readable);

    /// <summary>The value on one line, as far as it is short.</summary>
    public override string ToString()
    {
        var shown = new StringBuilder();
        Show(shown);
        return Shorten(shown.ToString());
    }

    internal void Add(ConfigurationNode child) => (_children ??= []).Add(child);

    private static string Shorten(string text)
    {
        if (text.Length <= MaxShownCharacters)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[MaxShownCharacters - 1]) ? MaxShownCharacters - 1 : MaxShownCharacters;
        return text[..end] + "…";
    }

    private void Show(StringBuilder shown)
    {
        if (shown.Length > MaxShownCharacters)
        {
            return;
        }

        switch (Kind)
        {
            case NodeKind.String:
                // Cut before quoting: quoting a megabyte to show sixty characters of it is waste.
                shown.Append(Quote(Shorten(Text)));
                break;
            case NodeKind.Object or NodeKind.Array:
                ShowChildren(shown, Kind == NodeKind.Object ? "{}" : "[]");
                break;
            default:
                shown.Append(Shorten(Text));
                break;
        }
    }

    private void ShowChildren(StringBuilder shown, string brackets)
    {
        shown.Append(brackets[0]);
        foreach (var child in Children)
        {
            if (shown.Length > MaxShownCharacters)
            {
                break;
            }

            shown.Append(child.Index == 0 ? string.Empty : ", ");
            shown.Append(child.Key is null ? string.Empty : Quote(Shorten(child.Key)) + ": ");
            child.Show(shown);
        }

        shown.Append(brackets[1]);
    }
}
