namespace SmimeGateway.Fuzz;

/// <summary>Changes that an attacker, or a broken mail server, makes to an encoded object.</summary>
internal static class CmsMutation
{
    // Tags and lengths where decoders have broken before: ends, indefinite and maximal lengths, constructed strings.
    private static readonly byte[] Telling = [0x00, 0x01, 0x05, 0x06, 0x24, 0x30, 0x31, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x88, 0xA0, 0xA1, 0xBF, 0xFF];

    /// <summary>A copy with one to four random changes.</summary>
    public static byte[] Apply(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Length > 1; changes--)
        {
            var at = random.Next(bytes.Length);
            var length = random.Next(1, Math.Min(64, bytes.Length - at) + 1);
            bytes = random.Next(7) switch
            {
                0 => [.. bytes[..at], .. bytes[(at + length)..]],
                1 => [.. bytes[..(at + length)], .. bytes[at..]],
                2 => bytes[..at],
                3 => [.. bytes[..at], Telling[random.Next(Telling.Length)], .. bytes[at..]],
                4 => Replace(bytes, at, Telling[random.Next(Telling.Length)]),
                5 => Replace(bytes, at, (byte)random.Next(256)),
                _ => Replace(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8)))),
            };
        }

        return bytes;
    }

    private static byte[] Replace(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }
}
