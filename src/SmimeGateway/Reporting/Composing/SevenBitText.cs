namespace SmimeGateway.Reporting.Composing;

/// <summary>Text that any mail server carries as it is (RFC 2045 section 2.7).</summary>
internal static class SevenBitText
{
    private const int MaxLine = 998;

    /// <summary>False when the text cannot travel as it is: octets above 126, control characters, or lines beyond RFC 5321's limit.</summary>
    public static bool Holds(ReadOnlySpan<byte> text)
    {
        var column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                column = 0;
                i++;
                continue;
            }

            column++;
            if (column > MaxLine || text[i] > '~' || (text[i] < ' ' && text[i] != '\t'))
            {
                return false;
            }
        }

        return true;
    }
}
