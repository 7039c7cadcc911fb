using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime;

/// <summary>A media type with its parameters (RFC 2045 section 5, RFC 2231).</summary>
public sealed class ContentType
{
    private readonly ParameterList _parameters;

    internal ContentType(string type, string subtype, ParameterList parameters)
    {
        Type = type;
        Subtype = subtype;
        MediaType = subtype.Length == 0 ? type : $"{type}/{subtype}";
        _parameters = parameters;
    }

    /// <summary>What an entity without a readable Content-Type has (RFC 2045 section 5.2).</summary>
    public static ContentType PlainText { get; } =
        new("text", "plain", new ParameterList([new KeyValuePair<string, string>("charset", "us-ascii")]));

    /// <summary>What a part of a multipart/digest without a Content-Type has (RFC 2046 section 5.1.5).</summary>
    public static ContentType Message { get; } = new("message", "rfc822", ParameterList.Empty);

    /// <summary>Type and subtype in lower case, "text/plain"; the type alone where the subtype is missing.</summary>
    public string MediaType { get; }

    /// <summary>The type in lower case, "text".</summary>
    public string Type { get; }

    /// <summary>The subtype in lower case, "plain"; empty where it is missing.</summary>
    public string Subtype { get; }

    internal ParameterList Parameters => _parameters;

    /// <summary>The decoded value of a parameter, ignoring the case of its name, or null; its pieces are joined (RFC 2231).</summary>
    public string? Parameter(string name) => _parameters.Find(name);

    /// <summary>Reads the body of a Content-Type field; false where it has no type at all.</summary>
    public static bool TryParse(string body, [NotNullWhen(true)] out ContentType? contentType)
    {
        ArgumentNullException.ThrowIfNull(body);
        contentType = null;
        var reader = new ParameterReader(body);
        var type = reader.ReadToken();
        if (type.Length == 0)
        {
            return false;
        }

        var subtype = reader.TrySkip('/') ? reader.ReadToken() : string.Empty;
        contentType = new ContentType(type.ToLowerInvariant(), subtype.ToLowerInvariant(), reader.ReadParameters());
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => MediaType;
}
