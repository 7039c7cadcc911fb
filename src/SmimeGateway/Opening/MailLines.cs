namespace SmimeGateway.Opening;

/// <summary>
/// The line ends of mail, CR LF, for a content that was encrypted with those of its sender's disk: what is signed in it was signed with
/// CR LF (RFC 8551 section 3.1.1), and line feeds alone do not travel by SMTP.
/// </summary>
internal static class MailLines
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    /// <summary>The content as it is, unless its first line, which is one of its header, ends with a line feed alone.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> content)
    {
        var first = content.Span.IndexOf(LineFeed);
        return first < 0 || IsAfterReturn(content.Span, first) ? content : Complete(content.Span);
    }

    private static byte[] Complete(ReadOnlySpan<byte> content)
    {
        var missing = 0;
        for (var at = 0; at < content.Length; at++)
        {
            missing += content[at] == LineFeed && !IsAfterReturn(content, at) ? 1 : 0;
        }

        var complete = GC.AllocateUninitializedArray<byte>(checked(content.Length + missing));
        var to = 0;
        for (var at = 0; at < content.Length; at++)
        {
            if (content[at] == LineFeed && !IsAfterReturn(content, at))
            {
                complete[to++] = CarriageReturn;
            }

            complete[to++] = content[at];
        }

        return complete;
    }

    private static bool IsAfterReturn(ReadOnlySpan<byte> content, int at) => at > 0 && content[at - 1] == CarriageReturn;
}
