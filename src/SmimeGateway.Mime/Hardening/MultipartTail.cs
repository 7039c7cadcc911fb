namespace SmimeGateway.Mime.Hardening;

/// <summary>What stands behind the last delimiter of a multipart.</summary>
internal static class MultipartTail
{
    /// <summary>
    /// Whether anything but line ends follows the close delimiter, told from the end without reading the parts. It may say yes where a
    /// closer look says no, never the other way round.
    /// </summary>
    public static bool HasEpilogue(ReadOnlySpan<byte> body, byte[] boundary)
    {
        Span<byte> close = [(byte)'-', (byte)'-', .. boundary, (byte)'-', (byte)'-'];
        var rest = body.TrimEnd("\r\n"u8);
        // Without any close delimiter the last part reaches to the end, and there is nothing behind it.
        return !rest.EndsWith(close) && rest.IndexOf(close) >= 0;
    }

    /// <summary>Whether an epilogue holds nothing but line ends, which nobody takes away, and blanks, which are no text.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> epilogue) => !epilogue.ContainsAnyExcept("\r\n \t"u8);
}
