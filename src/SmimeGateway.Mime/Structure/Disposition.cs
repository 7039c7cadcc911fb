using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Structure;

/// <summary>Content-Disposition (RFC 2183).</summary>
internal static class Disposition
{
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
