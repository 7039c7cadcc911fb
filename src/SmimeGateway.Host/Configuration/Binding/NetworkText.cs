using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Networks in CIDR notation, endpoints, and hosts with a port.</summary>
internal static class NetworkText
{
    private const int SmtpPort = 25;

    /// <summary>Reads a network; an address alone is a network of one.</summary>
    public static Flaw? TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) || HasOctalDigits(text))
        {
            return new Flaw("this is not a network", "Write an address and the length of its prefix, such as \"10.0.0.0/8\" or \"2001:db8::/32\".");
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            network = new IPNetwork(address, bits);
            return null;
        }

        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > bits)
        {
            return new Flaw($"the length of the prefix is not between 0 and {bits}", $"Write it after the slash, such as \"{address}/{bits}\".");
        }

        var first = FirstOf(address, prefix);
        if (!first.Equals(address))
        {
            return new Flaw("the address has bits behind its prefix", $"Write \"{first}/{prefix}\" for the network, or \"{address}\" for the host alone.");
        }

        network = new IPNetwork(address, prefix);
        return null;
    }

    /// <summary>Reads an address and a port.</summary>
    public static Flaw? TryParse(string text, out IPEndPoint endpoint)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0
            && (text[0] == '[') == (text[colon - 1] == ']')
            && IPAddress.TryParse(text[..colon].TrimStart('[').TrimEnd(']'), out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6) == (text[0] == '[')
            && !HasOctalDigits(text[..colon])
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            endpoint = new IPEndPoint(address, port);
            return null;
        }

        endpoint = new IPEndPoint(IPAddress.None, 0);
        return new Flaw("this is not an endpoint", "Write an address and a port, such as \"127.0.0.1:2525\", \"0.0.0.0:25\" or \"[::1]:2525\".");
    }

    /// <summary>Reads a host name or address, with or without a port.</summary>
    public static Flaw? TryParse(string text, out DnsEndPoint host)
    {
        host = new DnsEndPoint("localhost", SmtpPort);
        var colon = text.LastIndexOf(':');
        var hasPort = colon >= 0 && (text[0] != '[' || text[colon - 1] == ']');
        var name = hasPort ? text[..colon] : text;
        var port = SmtpPort;
        if (hasPort
            && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > ushort.MaxValue))
        {
            return new Flaw("the port is not between 1 and 65535", "Write host and port, such as \"smtp.example.net:25\".");
        }

        var isLiteral = name.StartsWith('[') && name.EndsWith(']');
        if (isLiteral ? IsIPv6(name[1..^1]) : HostText.IsHostName(name))
        {
            host = new DnsEndPoint(isLiteral ? name[1..^1] : name, port);
            return null;
        }

        return new Flaw("this is not a host", "Write host and port, such as \"smtp.example.net:25\", \"192.0.2.1:25\" or \"[2001:db8::1]:25\".");
    }

    /// <summary>Writes a host as it is read.</summary>
    public static string Format(DnsEndPoint host) =>
        host.Host.Contains(':', StringComparison.Ordinal) ? $"[{host.Host}]:{host.Port}" : $"{host.Host}:{host.Port}";

    /// <summary>The first address of a network.</summary>
    private static IPAddress FirstOf(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    // The framework reads 010.0.0.1 as 8.0.0.1 and 10.1 as 10.0.0.1; nobody who writes either in a configuration means that.
    private static bool HasOctalDigits(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        var octets = text.Split('/')[0].Split('.');
        return octets.Length != 4 || Array.Exists(octets, octet => octet.Length is 0 or > 3 || (octet.Length > 1 && octet[0] == '0'));
    }
}
