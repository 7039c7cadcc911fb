using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>The trace field that every relay puts before a message (RFC 5321 section 4.4).</summary>
internal static class ReceivedField
{
    private static readonly SearchValues<char> NameText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]");

    /// <summary>
    /// Writes the field, folded, with its CR LF. The client's own name cannot carry anything into the header but a name. A recipient
    /// is named only where it is the only one, so that no blind copy shows.
    /// </summary>
    public static ReadOnlyMemory<byte> Compose(SmtpSessionIdentity session, Envelope envelope, string hostName, DateTimeOffset now)
    {
        var protocol = envelope.SmtpUtf8 ? "UTF8SMTP" : session.IsExtended ? "ESMTP" : "SMTP";
        var recipient = envelope.Recipients is [var only] ? $"\r\n\tfor {only.Path}" : string.Empty;
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"Received: from {Name(session.HeloName)} ({Literal(session.Client.Address)})\r\n\tby {hostName} with {protocol} id {session.SessionId}{recipient};\r\n\t{now.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n"));
    }

    private static string Name(string? heloName) =>
        string.IsNullOrEmpty(heloName) ? "unknown"
        : heloName.AsSpan().ContainsAnyExcept(NameText) ? string.Concat(heloName.Select(character => NameText.Contains(character) ? character : '?'))
        : heloName;

    private static string Literal(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return $"[{address}]";
        }

        // The zone of a link-local address means nothing to others, and its percent sign is no part of a literal.
        return $"[IPv6:{(address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes()))}]";
    }
}
