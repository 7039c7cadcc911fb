using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Has a SOCKS 5 proxy connect to a host (RFC 1928), with user and password where it wants them (RFC 1929).</summary>
internal static class SocksTunnel
{
    private const byte Version = 5;
    private const byte NoLogin = 0;
    private const byte UserAndPassword = 2;
    private const byte Connect = 1;
    private const byte Ipv4 = 1;
    private const byte DomainName = 3;
    private const byte Ipv6 = 4;

    /// <summary>Leaves the stream where the first octet of the host is read next.</summary>
    /// <exception cref="IOException">The proxy does not connect; the message says why.</exception>
    public static async Task OpenAsync(NetworkStream stream, DnsEndPoint host, NetworkCredential? login, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(login is null ? new[] { Version, (byte)1, NoLogin } : [Version, 2, NoLogin, UserAndPassword], cancellationToken);
        switch ((await ReadAnswerAsync(stream, Version, 2, cancellationToken))[1])
        {
            case NoLogin:
                break;
            case UserAndPassword when login is not null:
                await LogInAsync(stream, login, cancellationToken);
                break;
            default:
                throw new IOException(login is null ? "the proxy wants a login, and its address names no user" : "the proxy takes no login by user and password");
        }

        await stream.WriteAsync((byte[])[Version, Connect, 0, .. Address(host), (byte)(host.Port >> 8), (byte)host.Port], cancellationToken);
        var reply = await ReadAnswerAsync(stream, Version, 4, cancellationToken);
        if (reply[1] != 0)
        {
            throw new IOException($"the proxy refuses: {Reason(reply[1])}");
        }

        // Where it is bound interests nobody, but stands before the host's first word.
        var length = reply[3] switch
        {
            Ipv4 => 4,
            Ipv6 => 16,
            DomainName => (await ReadAsync(stream, 1, cancellationToken))[0],
            _ => throw Nonsense(),
        };
        await ReadAsync(stream, length + 2, cancellationToken);
    }

    private static async Task LogInAsync(NetworkStream stream, NetworkCredential login, CancellationToken cancellationToken)
    {
        const byte NegotiationVersion = 1;
        var (user, password) = (Encoding.UTF8.GetBytes(login.UserName), Encoding.UTF8.GetBytes(login.Password));
        if (user.Length is 0 or > byte.MaxValue || password.Length is 0 or > byte.MaxValue)
        {
            throw new IOException("the user or the password of the proxy is empty or longer than 255 octets, which SOCKS cannot carry");
        }

        await stream.WriteAsync((byte[])[NegotiationVersion, (byte)user.Length, .. user, (byte)password.Length, .. password], cancellationToken);
        if ((await ReadAnswerAsync(stream, NegotiationVersion, 2, cancellationToken))[1] != 0)
        {
            throw new IOException("the proxy refuses the user or the password");
        }
    }

    private static byte[] Address(DnsEndPoint host)
    {
        if (IPAddress.TryParse(host.Host, out var literal))
        {
            return [literal.AddressFamily == AddressFamily.InterNetwork ? Ipv4 : Ipv6, .. literal.GetAddressBytes()];
        }

        var name = Encoding.ASCII.GetBytes(host.Host);
        return name.Length <= byte.MaxValue ? [DomainName, (byte)name.Length, .. name] : throw new IOException("the name of the host is longer than 255 octets");
    }

    private static async ValueTask<byte[]> ReadAnswerAsync(NetworkStream stream, byte version, int count, CancellationToken cancellationToken)
    {
        var octets = await ReadAsync(stream, count, cancellationToken);
        return octets[0] == version ? octets : throw Nonsense();
    }

    private static async ValueTask<byte[]> ReadAsync(NetworkStream stream, int count, CancellationToken cancellationToken)
    {
        try
        {
            var octets = new byte[count];
            await stream.ReadExactlyAsync(octets, cancellationToken);
            return octets;
        }
        catch (EndOfStreamException exception)
        {
            throw new IOException("the proxy closed the connection", exception);
        }
    }

    private static IOException Nonsense() => new("the proxy answers with something that is not SOCKS 5");

    private static string Reason(byte reply) => reply switch
    {
        1 => "general failure",
        2 => "its rules do not allow the connection",
        3 => "the network of the host is unreachable",
        4 => "the host is unreachable",
        5 => "the host refuses the connection",
        6 => "the time to live has expired",
        7 => "it does not know the command CONNECT",
        8 => "it does not know this kind of address",
        _ => $"code {reply}",
    };
}
