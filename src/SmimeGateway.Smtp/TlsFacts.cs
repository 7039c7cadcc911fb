using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Smtp;

/// <summary>What a handshake agreed on.</summary>
/// <param name="Protocol">The version of TLS.</param>
/// <param name="CipherSuite">The cipher suite by its IANA name.</param>
/// <param name="PeerCertificate">The peer's certificate, when it showed one that was accepted; else null.</param>
public sealed record TlsFacts(SslProtocols Protocol, string CipherSuite, X509Certificate2? PeerCertificate);
