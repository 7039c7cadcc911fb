using System.Buffers.Binary;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>
/// The packets of OpenPGP (RFC 9580 sections 4 and 5), without what is in them. A sequence is of one kind from its first octet to its last,
/// or of none: a literal text among packets that hide one is readable by everybody.
/// </summary>
internal static class PgpPackets
{
    private const int PublicKeySessionKey = 1;
    private const int Signature = 2;
    private const int SymmetricKeySessionKey = 3;
    private const int EncryptedData = 9;
    private const int ProtectedData = 18;
    private const int AuthenticatedData = 20;

    // A session key is encrypted by a key of at most 16,384 bits, and what comes with it is short.
    private const int MaxSessionKeyLength = 2_200;

    // A partial length is for data alone, and its first piece is no shorter (RFC 9580 section 4.2.1.4).
    private const int MinPartialLength = 512;

    /// <summary>Session keys, and one packet of encrypted data behind them with which all ends.</summary>
    public static bool AreEncryptedMessage(ReadOnlySpan<byte> packets)
    {
        var keys = 0;
        while (TryTake(ref packets, out var tag, out var length))
        {
            if (tag is EncryptedData or ProtectedData or AuthenticatedData)
            {
                return keys > 0 && packets.IsEmpty;
            }

            if (tag is not (PublicKeySessionKey or SymmetricKeySessionKey) || length > MaxSessionKeyLength)
            {
                return false;
            }

            keys++;
        }

        return false;
    }

    /// <summary>Signatures and nothing else.</summary>
    public static bool AreSignatures(ReadOnlySpan<byte> packets)
    {
        var count = 0;
        while (TryTake(ref packets, out var tag, out _) && tag == Signature)
        {
            count++;
            if (packets.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    // The first bit is set, the second tells the newer format from the older.
    private static bool TryTake(ref ReadOnlySpan<byte> packets, out int tag, out int length)
    {
        (tag, length) = (0, 0);
        if (packets.Length < 2 || (packets[0] & 0x80) == 0)
        {
            return false;
        }

        var isNew = (packets[0] & 0x40) != 0;
        tag = isNew ? packets[0] & 0x3F : (packets[0] >> 2) & 0x0F;
        var isData = tag is EncryptedData or ProtectedData or AuthenticatedData;
        var form = packets[0] & 3;
        packets = packets[1..];
        if (isNew)
        {
            return TryTakeNew(ref packets, isData, out length);
        }

        if (form == 3)
        {
            // No length at all: the packet reaches to the end.
            length = packets.Length;
            packets = default;
            return isData;
        }

        var octets = 1 << form;
        if (packets.Length < octets)
        {
            return false;
        }

        var declared = octets == 1 ? packets[0] : octets == 2 ? BinaryPrimitives.ReadUInt16BigEndian(packets) : BinaryPrimitives.ReadUInt32BigEndian(packets);
        packets = packets[octets..];
        return TryPass(ref packets, declared, ref length);
    }

    private static bool TryTakeNew(ref ReadOnlySpan<byte> packets, bool isData, out int length)
    {
        length = 0;
        while (!packets.IsEmpty)
        {
            var first = packets[0];
            if (first is >= 224 and < 255)
            {
                var piece = 1L << (first & 0x1F);
                packets = packets[1..];
                if (!isData || (length == 0 && piece < MinPartialLength) || !TryPass(ref packets, piece, ref length))
                {
                    return false;
                }

                continue;
            }

            var octets = first < 192 ? 1 : first < 224 ? 2 : 5;
            if (packets.Length < octets)
            {
                return false;
            }

            var declared = octets == 1 ? (uint)first : octets == 2 ? (uint)(((first - 192) << 8) + packets[1] + 192) : BinaryPrimitives.ReadUInt32BigEndian(packets[1..]);
            packets = packets[octets..];
            return TryPass(ref packets, declared, ref length);
        }

        return false;
    }

    private static bool TryPass(ref ReadOnlySpan<byte> packets, long octets, ref int length)
    {
        if (octets > packets.Length)
        {
            return false;
        }

        length += (int)octets;
        packets = packets[(int)octets..];
        return true;
    }
}
