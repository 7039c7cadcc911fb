using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
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
        var tls = session.Tls is { } facts ? $"\r\n\t(using {NameOf(facts.Protocol)} with cipher {facts.CipherSuite})" : string.Empty;
        var recipient = envelope.Recipients is [var only] ? $"\r\n\tfor {only.Path}" : string.Empty;
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"Received: from {Name(session.HeloName)} ({Literal(session.Client.Address)}){tls}\r\n\tby {hostName} with {Protocol(session, envelope)} id {session.SessionId}{recipient};\r\n\t{now.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n"));
    }

    // RFC 3848 and, for SMTPUTF8, RFC 6531 section 4.3: S for TLS, A for a login. The user's name is nobody else's business.
    private static string Protocol(SmtpSessionIdentity session, Envelope envelope) =>
        (envelope.SmtpUtf8 ? "UTF8SMTP" : session.IsExtended ? "ESMTP" : "SMTP")
        + (session.IsExtended && session.Tls is not null ? "S" : string.Empty)
        + (session.IsExtended && session.User is not null ? "A" : string.Empty);

    // Tls12 to the framework is TLSv1.2 to everybody else.
    private static string NameOf(SslProtocols protocol) => $"TLSv1.{protocol.ToString()[^1]}";

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
