namespace SmimeGateway.Host.Commands;

/// <summary>Files on disk often have line feeds alone where mail has CR LF.</summary>
internal static class LineEnds
{
    /// <summary>The same text with CR LF wherever a line feed stood alone.</summary>
    public static byte[] ToCrLf(ReadOnlySpan<byte> text)
    {
        var result = new List<byte>(text.Length + (text.Length / 32));
        var previous = (byte)0;
        foreach (var octet in text)
        {
            if (octet == (byte)'\n' && previous != (byte)'\r')
            {
                result.Add((byte)'\r');
            }

            result.Add(octet);
            previous = octet;
        }

        return [.. result];
    }
}
