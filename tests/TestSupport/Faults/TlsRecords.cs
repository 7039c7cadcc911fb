namespace SmimeGateway.TestSupport.Faults;

/// <summary>Tells encrypted from plain octets by their framing (RFC 8446 section 5.1).</summary>
public static class TlsRecords
{
    private const int HeaderLength = 5;
    private const int MaxRecordLength = (16 * 1024) + 2048;

    /// <summary>Where the octets stop being TLS records, or null when they are nothing else; the last record may be cut off.</summary>
    public static int? FindStranger(ReadOnlySpan<byte> octets)
    {
        var position = 0;
        while (position < octets.Length)
        {
            var record = octets[position..];
            if (record[0] is < 20 or > 24 || (record.Length > 1 && record[1] != 3))
            {
                return position;
            }

            if (record.Length < HeaderLength)
            {
                return null;
            }

            var length = (record[3] << 8) | record[4];
            if (length > MaxRecordLength)
            {
                return position;
            }

            position += HeaderLength + length;
        }

        return null;
    }
}
