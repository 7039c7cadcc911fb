using System.Buffers.Binary;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// Reads the certificates of a .sst file, the store that Windows exports when several certificates are chosen; the framework reads it on
/// Windows alone. It is a list of properties, each with a number, an encoding and a length, all little-endian ([MS-OSHARED],
/// section 2.3.9.1): a certificate is property 32 and follows those that describe it.
/// </summary>
internal static class SerializedStore
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;
    private const uint EndMark = 0;
    private const uint Certificate = 32;

    /// <summary>Version 0 and the letters CERT.</summary>
    private static ReadOnlySpan<byte> Header => [0, 0, 0, 0, (byte)'C', (byte)'E', (byte)'R', (byte)'T'];

    /// <summary>True when the file begins as such a store does.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) => file.StartsWith(Header);

    /// <summary>Finds the certificates; false when the list is broken or does not end, with those before the break.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, out List<ReadOnlyMemory<byte>> certificates)
    {
        certificates = [];
        var rest = file[HeaderBytes..];
        while (rest.Length >= EntryBytes)
        {
            var property = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[8..]);
            if (property == EndMark)
            {
                return true;
            }

            rest = rest[EntryBytes..];
            if (length > (uint)rest.Length)
            {
                return false;
            }

            if (property == Certificate)
            {
                certificates.Add(rest[..(int)length]);
            }

            rest = rest[(int)length..];
        }

        return false;
    }
}
