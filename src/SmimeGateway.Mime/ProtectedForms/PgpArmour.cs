using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>OpenPGP armour inside a text (RFC 9580 sections 6.2 and 7).</summary>
internal static class PgpArmour
{
    private static ReadOnlySpan<byte> Mark => "-----BEGIN PGP "u8;

    /// <summary>Whether a plain text of the message, its body or a part of it, is or holds an armoured message.</summary>
    public static bool IsIn(Entity message)
    {
        if (message.ContentType.MediaType == "text/plain")
        {
            return IsIn(TransferDecoding.IsEncoding(message.TransferEncoding) ? message.DecodeBody() : message.Body.Span);
        }

        // Most mail has no such mark anywhere, and then its parts need not be told apart.
        if (message.IsMultipart && message.Body.Span.IndexOf(Mark) >= 0 && message.TryGetParts(out var parts, out _))
        {
            foreach (var part in parts)
            {
                if (part.ContentType.MediaType == "text/plain" && part.FileName is null && IsIn(part.DecodeBody()))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsIn(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var mark = text.IndexOf(Mark);
            if (mark < 0)
            {
                return false;
            }

            var rest = text[(mark + Mark.Length)..];
            // A quoted message ("> -----BEGIN") protects nothing, and neither does a key.
            if ((mark == 0 || text[mark - 1] == '\n')
                && (rest.StartsWith("MESSAGE-----"u8) || rest.StartsWith("SIGNED MESSAGE-----"u8)))
            {
                return rest.IndexOf("-----END PGP "u8) >= 0;
            }

            text = rest;
        }
    }
}
