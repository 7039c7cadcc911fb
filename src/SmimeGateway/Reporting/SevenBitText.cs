namespace SmimeGateway.Reporting;

/// <summary>Text that any mail server carries as it is (RFC 2045 section 2.7).</summary>
internal static class SevenBitText
{
    private const int MaxLine = 998;

    /// <summary>False when the text cannot travel as it is: octets above 127, control characters, or lines beyond RFC 5321's limit.</summary>
    public static bool Holds(string text)
    {
        var column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            column = character == '\n' ? 0 : column + 1;
            var isLineEnd = (character == '\r' && i + 1 < text.Length && text[i + 1] == '\n') || (character == '\n' && i > 0 && text[i - 1] == '\r');
            if (column > MaxLine || character > '~' || (character < ' ' && character != '\t' && !isLineEnd))
            {
                return false;
            }
        }

        return true;
    }
}
