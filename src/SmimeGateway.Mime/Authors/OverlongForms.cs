namespace SmimeGateway.Mime.Authors;

/// <summary>
/// Finds characters in more octets of UTF-8 than they need (RFC 3629 section 10). They are none, and careless decoders read them all the
/// same: an "@" as C1 80.
/// </summary>
internal static class OverlongForms
{
    /// <summary>Whether there is one that such decoders do not read as a letter or digit of ASCII.</summary>
    public static bool AreIn(ReadOnlySpan<byte> octets)
    {
        for (var i = octets.IndexOfAnyInRange((byte)0xC0, (byte)0xFD); i >= 0 && i < octets.Length; i++)
        {
            if (TryRead(octets[i..], out var character) && !(character < 0x80 && char.IsAsciiLetterOrDigit((char)character)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> octets, out int character)
    {
        // The octets of a form, and the first character that needs them.
        var (length, first) = octets[0] switch
        {
            0xC0 or 0xC1 => (2, 0x80),
            0xE0 => (3, 0x800),
            0xF0 => (4, 0x1_0000),
            0xF8 => (5, 0x20_0000),
            0xFC => (6, 0x400_0000),
            _ => (0, 0),
        };
        character = length == 2 ? octets[0] & 1 : 0;
        if (length == 0 || octets.Length < length)
        {
            return false;
        }

        foreach (var octet in octets[1..length])
        {
            if ((octet & 0xC0) != 0x80)
            {
                return false;
            }

            character = (character << 6) | (octet & 0x3F);
        }

        return character < first;
    }
}
