namespace SmimeGateway.TestSupport;

/// <summary>The transparency procedure of RFC 5321 section 4.5.2, written for tests alone.</summary>
public static class DotStuffing
{
    /// <summary>The bytes that follow DATA: dots doubled at line starts, the last line ended, and the final dot.</summary>
    public static byte[] Stuff(ReadOnlySpan<byte> message)
    {
        var stuffed = new List<byte>(message.Length + 1024);
        var atLineStart = true;
        foreach (var octet in message)
        {
            if (atLineStart && octet == (byte)'.')
            {
                stuffed.Add((byte)'.');
            }

            stuffed.Add(octet);
            atLineStart = octet == (byte)'\n';
        }

        if (!message.IsEmpty && !message.EndsWith("\r\n"u8))
        {
            stuffed.AddRange("\r\n"u8);
        }

        stuffed.AddRange(".\r\n"u8);
        return [.. stuffed];
    }
}
