using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Has an HTTP proxy connect to a host (RFC 9110 section 9.3.6), with user and password where it wants them (RFC 7617).</summary>
internal static class HttpTunnel
{
    private const int MaxAnswerBytes = 8192;

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
        if (StatusOf(line) is not { } status)
        {
            throw new IOException("the proxy answers with something that is not HTTP");
        }

        // Its own words stay out of logs and reports: they may repeat the password that it was told.
        if (status is 401 or 407 && login is null)
        {
            throw new IOException("the proxy wants a login, and its address names no user");
        }

        if (status is < 200 or > 299)
        {
            throw new IOException($"the proxy refuses: {status}{(status is 401 or 407 ? " (it wants another user or password)" : "")}");
        }
    }

    // RFC 9112 section 4: HTTP/1.x, a blank, three digits, and a blank before the reason.
    private static int? StatusOf(string line) =>
        line.Length >= 12 && line.StartsWith("HTTP/1.", StringComparison.Ordinal) && char.IsAsciiDigit(line[7]) && line[8] == ' ' && (line.Length == 12 || line[12] == ' ')
        && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;

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
