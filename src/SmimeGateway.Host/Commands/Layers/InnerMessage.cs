using SmimeGateway.Mime;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>The message that a recipient reads: what lies innermost, under the header that belongs to it.</summary>
internal static class InnerMessage
{
    /// <summary>
    /// Puts the fields that stood outside before the innermost entity, except those that described the layers, and those that the entity
    /// has itself: protected fields count more than the ones outside (RFC 9788 section 4.2.1).
    /// </summary>
    public static byte[] Compose(Entity outside, Entity content)
    {
        using var composed = new MemoryStream(content.Raw.Length + outside.Header.Raw.Length);
        foreach (var field in ContentSplit.Split(outside).OuterFields)
        {
            if (!field.Is("MIME-Version") && content.Header.Find(field.Name) is null)
            {
                composed.Write(field.Raw.Span);
            }
        }

        if (content.Header.Find("MIME-Version") is null)
        {
            composed.Write("MIME-Version: 1.0\r\n"u8);
        }

        composed.Write(content.Raw.Span);
        return composed.ToArray();
    }
}
