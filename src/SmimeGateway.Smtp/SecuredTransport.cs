using System.IO.Pipelines;

namespace SmimeGateway.Smtp;

/// <summary>A transport after the TLS handshake. The handshake disposes of nothing of the transport below; disposing this ends TLS on it.</summary>
/// <param name="Pipe">The decrypted octets in both directions.</param>
/// <param name="Facts">What was agreed on.</param>
/// <param name="Owner">What must be disposed when the session is over.</param>
public sealed record SecuredTransport(IDuplexPipe Pipe, TlsFacts Facts, IAsyncDisposable Owner);
