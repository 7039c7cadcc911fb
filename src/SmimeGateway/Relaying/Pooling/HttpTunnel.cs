using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Has an HTTP proxy connect to a host (RFC 9110 section 9.3.6), with user and password where it wants them (RFC 7617).</summary>
internal static class HttpTunnel
{
    private const int MaxAnswerBytes = 8192;
    private const int MaxReasonChars = 80;

    /// <summary>Leaves the stream where the first octet of the host is read next.</summary>
    /// <exception cref="IOException">The proxy does not connect; the message says why.</exception>
    public static async Task OpenAsync(NetworkStream stream, DnsEndPoint host, NetworkCredential? login, CancellationToken cancellationToken)
    {
        var target = host.Host.Contains(':', StringComparison.Ordinal) ? $"[{host.Host}]:{host.Port}" : $"{host.Host}:{host.Port}";
        var authorization = login is null
            ? string.Empty
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password}"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n"), cancellationToken);

        var answer = await ReadAsync(stream, cancellationToken);
        var line = answer[..answer.IndexOf('\n', StringComparison.Ordinal)].TrimEnd('\r');
        if (!line.StartsWith("HTTP/1.", StringComparison.Ordinal) || line.IndexOf(' ', StringComparison.Ordinal) is var blank && blank < 0)
        {
            throw new IOException("the proxy answers with something that is not HTTP");
        }

        var status = line[(blank + 1)..].Trim();
        if (!status.StartsWith('2'))
        {
            throw new IOException($"the proxy refuses: {PrintableText.From(Encoding.Latin1.GetBytes(status), MaxReasonChars)}");
        }
    }

    // Octet by octet, for what follows is the host's.
    private static async ValueTask<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var answer = new byte[MaxAnswerBytes];
        for (var length = 0; length < answer.Length;)
        {
            if (await stream.ReadAsync(answer.AsMemory(length, 1), cancellationToken) == 0)
            {
                throw new IOException("the proxy closed the connection");
            }

            length++;
            var read = answer.AsSpan(0, length);
            if (read.EndsWith("\n\r\n"u8) || read.EndsWith("\n\n"u8))
            {
                return Encoding.Latin1.GetString(read);
            }
        }

        throw new IOException($"the answer of the proxy is longer than {MaxAnswerBytes} octets");
    }
}
