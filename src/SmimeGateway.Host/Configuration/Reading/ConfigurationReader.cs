using System.Text;
using System.Text.Json;

namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>Reads JSON with comments and trailing commas into nodes; wrong JSON becomes complaints, never an exception.</summary>
internal sealed class ConfigurationReader(SourceText text, Complaints complaints)
{
    // The deepest configuration there is has six levels.
    private const int MaxDepth = 32;

    // Ten thousand rules of twenty values each are a fifth of this.
    private const int MaxValues = 1_000_000;

    private int _values;

    /// <summary>The outermost object, or null after a complaint that leaves nothing to go on with.</summary>
    public ConfigurationNode? Read()
    {
        if (text.FindInvalid() is { } invalid)
        {
            complaints.TextError(invalid, new Flaw("this is not UTF-8", "Save the file in the encoding UTF-8."));
            return null;
        }

        if (text.Utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            complaints.TextError(0, new Flaw("the file is empty", "Begin with a copy of the configuration that is shipped with the gateway."));
            return null;
        }

        var json = new Utf8JsonReader(
            text.Utf8,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
        try
        {
            json.Read();
            var root = ReadValue(ref json, parent: null, key: null, index: 0, (int)json.TokenStartIndex);
            json.Read();
            return CheckRoot(root);
        }
        catch (JsonException exception)
        {
            var at = text.StartOfLine(exception.LineNumber ?? 0) + (int)(exception.BytePositionInLine ?? 0);
            complaints.TextError(at, new Flaw($"this is not JSON: {Reason(exception)}", "Correct this place or the line before it."));
            return null;
        }
    }

    private ConfigurationNode? CheckRoot(ConfigurationNode? root)
    {
        if (root is null or { Kind: NodeKind.Object })
        {
            return root;
        }

        complaints.Error(root, new Flaw("the configuration is an object", "Write all of it between { and }."));
        return null;
    }

    // The framework's message, without the place that it repeats in its own count from zero.
    private static string Reason(JsonException exception)
    {
        var place = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = place < 0 ? exception.Message : exception.Message[..place];
        return reason.TrimEnd('.', ' ');
    }

    private ConfigurationNode? ReadValue(ref Utf8JsonReader json, ConfigurationNode? parent, string? key, int index, int keyOffset)
    {
        var offset = (int)json.TokenStartIndex;
        if (++_values > MaxValues)
        {
            if (_values == MaxValues + 1)
            {
                complaints.TextError(offset, new Flaw("the file has more than a million values", "This is not a configuration; name another file."));
            }

            json.Skip();
            return null;
        }

        var kind = KindOf(json.TokenType);
        var node = new ConfigurationNode
        {
            Kind = kind,
            Offset = offset,
            KeyOffset = keyOffset,
            Text = kind is NodeKind.Object or NodeKind.Array ? string.Empty : ReadText(ref json),
            Parent = parent,
            Key = key,
            Index = index,
        };
        if (kind == NodeKind.Object)
        {
            ReadMembers(ref json, node);
        }
        else if (kind == NodeKind.Array)
        {
            ReadElements(ref json, node);
        }

        return node;
    }

    private void ReadMembers(ref Utf8JsonReader json, ConfigurationNode node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var keyOffset = (int)json.TokenStartIndex;
            var key = ReadText(ref json);
            json.Read();
            var member = ReadValue(ref json, node, key, node.Children.Count, keyOffset);
            if (member is null)
            {
                continue;
            }

            if (seen.Add(key))
            {
                node.Add(member);
            }
            else
            {
                complaints.KeyError(member, new Flaw("the key is there twice", "Remove one of the two; neither is preferred."));
            }
        }
    }

    private void ReadElements(ref Utf8JsonReader json, ConfigurationNode node)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (ReadValue(ref json, node, key: null, node.Children.Count, (int)json.TokenStartIndex) is { } element)
            {
                node.Add(element);
            }
        }
    }

    private string ReadText(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return Encoding.ASCII.GetString(json.ValueSpan);
        }

        try
        {
            return json.GetString() ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            // The only text of a valid UTF-8 file that the framework refuses: half of a surrogate pair, written as an escape.
            complaints.TextError(
                (int)json.TokenStartIndex,
                new Flaw("the text holds one half of a surrogate pair", "Write the character itself, or both halves."));
            return Rune.ReplacementChar.ToString();
        }
    }

    private static NodeKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => NodeKind.Object,
        JsonTokenType.StartArray => NodeKind.Array,
        JsonTokenType.String => NodeKind.String,
        JsonTokenType.Number => NodeKind.Number,
        JsonTokenType.True or JsonTokenType.False => NodeKind.Boolean,
        _ => NodeKind.Null,
    };
}
