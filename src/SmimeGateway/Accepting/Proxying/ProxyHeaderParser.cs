using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.Accepting.Proxying;

/// <summary>
/// Reads the PROXY protocol header, version 1 or 2, with which a load balancer begins a connection. Strict: a header that is not as the
/// specification writes it is no header.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>The longest header read: the addresses of version 2 and far more extensions than balancers send.</summary>
    public const int MaxLength = FixedLength + MaxRest;

    private const int MaxLengthOfVersion1 = 107;
    private const int FixedLength = 16;
    private const int MaxRest = 2048;

    private static ReadOnlySpan<byte> Version1 => "PROXY "u8;

    private static ReadOnlySpan<byte> Version2 => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>
    /// Reads what has arrived. False while more is needed; throws when what has arrived can be the beginning of no header.
    /// </summary>
    /// <exception cref="FormatException">This is no header; the message says why, without showing it.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, out ProxyHeader header)
    {
        header = default;
        if (StartsAs(input, Version2))
        {
            return input.Length >= FixedLength && TryReadVersion2(input, out header);
        }

        return StartsAs(input, Version1)
            ? TryReadVersion1(input, out header)
            : throw new FormatException("it does not begin with a PROXY protocol header");
    }

    private static bool StartsAs(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature) =>
        input[..Math.Min(input.Length, signature.Length)].SequenceEqual(signature[..Math.Min(input.Length, signature.Length)]);

    private static bool TryReadVersion1(ReadOnlySpan<byte> input, out ProxyHeader header)
    {
        header = default;
        var window = input[..Math.Min(input.Length, MaxLengthOfVersion1)];
        var end = window.IndexOf((byte)'\n');
        if (end < 0)
        {
            return window.Length < MaxLengthOfVersion1 ? false : throw new FormatException("the header of version 1 is too long");
        }

        if (end < 1 || window[end - 1] != '\r' || !Ascii.IsValid(window[..end]))
        {
            throw new FormatException("the header of version 1 is no line of ASCII that ends with CR LF");
        }

        var fields = Encoding.ASCII.GetString(window[..(end - 1)]).Split(' ');
        header = new ProxyHeader(fields is ["PROXY", "UNKNOWN", ..] ? null : ReadClient(fields), end + 1);
        return true;
    }

    private static IPEndPoint ReadClient(string[] fields)
    {
        if (fields is ["PROXY", "TCP4" or "TCP6", var source, var destination, var sourcePort, var destinationPort]
            && ReadAddress(fields[1], source) is { } client
            && ReadAddress(fields[1], destination) is not null
            && ReadPort(sourcePort) is { } port
            && ReadPort(destinationPort) is not null)
        {
            return new IPEndPoint(client, port);
        }

        throw new FormatException("the header of version 1 does not name two addresses and two ports");
    }

    // The framework reads numbers and abbreviations as addresses; the specification allows one way to write each.
    private static IPAddress? ReadAddress(string family, string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == (family == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6)
        && (family == "TCP4" ? address.ToString() == text : text.All(character => char.IsAsciiHexDigit(character) || character is ':' or '.'))
            ? address
            : null;

    private static int? ReadPort(string text) =>
        text.Length is > 0 and <= 5 && (text.Length == 1 || text[0] != '0')
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : null;

    private static bool TryReadVersion2(ReadOnlySpan<byte> input, out ProxyHeader header)
    {
        header = default;
        var rest = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (input[12] is not (0x20 or 0x21))
        {
            throw new FormatException("the header of version 2 has an unknown version or command");
        }

        if (rest > MaxRest)
        {
            throw new FormatException("the header of version 2 is too long");
        }

        if (input.Length < FixedLength + rest)
        {
            return false;
        }

        var isLocal = input[12] == 0x20;
        header = new ProxyHeader(isLocal ? null : ReadClient(input[13], input.Slice(FixedLength, rest)), FixedLength + rest);
        return true;
    }

    // Source address, destination address, source port, destination port; extensions may follow, and say nothing that we use.
    private static IPEndPoint? ReadClient(byte family, ReadOnlySpan<byte> addresses) => family switch
    {
        0x00 => null,
        0x11 when addresses.Length >= 12 => new IPEndPoint(new IPAddress(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..])),
        0x21 when addresses.Length >= 36 => new IPEndPoint(new IPAddress(addresses[..16]), BinaryPrimitives.ReadUInt16BigEndian(addresses[32..])),
        _ => throw new FormatException("the header of version 2 names no TCP client"),
    };
}
