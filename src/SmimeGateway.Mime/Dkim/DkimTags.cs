using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SmimeGateway.Mime.Dkim;

/// <summary>The tags of a DKIM-Signature field (RFC 6376 section 3.2).</summary>
internal sealed class DkimTags
{
    // More than any honest signature has.
    private const int MaxLength = 64 * 1024;
    private const string Space = " \t\r\n";

    private readonly Dictionary<string, Range> _places = new(StringComparer.Ordinal);
    private readonly string _body;

    private DkimTags(string body) => _body = body;

    /// <summary>The value of a tag without the blanks around it, or null.</summary>
    public string? this[string name] => _places.TryGetValue(name, out var place) ? _body[place].Trim(Space.ToCharArray()) : null;

    /// <summary>Reads the body of a field; false where it is no list of tags, or one stands there twice.</summary>
    public static bool TryRead(HeaderField field, [NotNullWhen(true)] out DkimTags? tags)
    {
        tags = null;
        if (field.RawBody.Length > MaxLength)
        {
            return false;
        }

        var read = new DkimTags(Encoding.Latin1.GetString(field.RawBody.Span));
        var body = read._body;
        for (var start = 0; start < body.Length;)
        {
            var end = body.IndexOf(';', start) is var found and >= 0 ? found : body.Length;
            var equals = body.IndexOf('=', start, end - start);
            if (equals < 0)
            {
                // Only behind the last semicolon may nothing stand.
                if (end < body.Length || body[start..].Trim(Space.ToCharArray()).Length > 0)
                {
                    return false;
                }

                break;
            }

            var name = body[start..equals].Trim(Space.ToCharArray());
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') || !read._places.TryAdd(name, (equals + 1)..end))
            {
                return false;
            }

            start = end + 1;
        }

        tags = read;
        return true;
    }

    /// <summary>A value that may be folded anywhere, as base64 may, without folds and blanks.</summary>
    public string? Unfolded(string name) => this[name] is { } value ? string.Concat(value.Where(letter => !Space.Contains(letter, StringComparison.Ordinal))) : null;

    /// <summary>The places of a value between its equals sign and its semicolon, in the raw body of the field.</summary>
    public Range PlaceOf(string name) => _places[name];
}
