using System.Net.Security;

namespace SmimeGateway.Smtp.Client;

/// <summary>When the client encrypts.</summary>
public enum ClientTlsMode
{
    /// <summary>STARTTLS where the server offers it; plain otherwise. Nothing is verified, as anybody in between could also take the offer away.</summary>
    WhenOffered,

    /// <summary>STARTTLS, or no session: without it not a byte of mail, envelope or password is sent.</summary>
    Required,

    /// <summary>TLS from the first byte on (RFC 8314 section 3.3), or no session.</summary>
    Implicit,
}

/// <summary>How the client encrypts.</summary>
/// <param name="Mode">When.</param>
/// <param name="OptionsFor">
/// Gives the options of a handshake for the host named: the name expected, versions, own certificate, and how the server's certificate is
/// judged. What the callback in it objects to is its own to explain: see <paramref name="Explain"/>.
/// </param>
/// <param name="Explain">Says in a sentence why the last handshake with the host was refused by its certificate, or null.</param>
public sealed record ClientTls(ClientTlsMode Mode, Func<string, SslClientAuthenticationOptions> OptionsFor, Func<string, string?> Explain);
