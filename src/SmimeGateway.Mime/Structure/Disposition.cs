using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Structure;

/// <summary>Content-Disposition (RFC 2183).</summary>
internal static class Disposition
{
    /// <summary>Whether the entity is meant to be kept apart from what is shown: all that is not inline (RFC 2183 section 2.8).</summary>
    public static bool IsAttachment(HeaderSection header) =>
        header.Find("Content-Disposition") is { } field
        && new ParameterReader(field.Body).ReadToken().ToUpperInvariant() is not ("" or "INLINE");

    /// <summary>The decoded file name, or null.</summary>
    public static string? FileNameOf(HeaderSection header)
    {
        if (header.Find("Content-Disposition") is not { } field)
        {
            return null;
        }

        var reader = new ParameterReader(field.Body);
        reader.ReadToken();
        return reader.ReadParameters().Find("filename");
    }
}
