using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting.Securing;

/// <summary>The decrypted octets of a connection, after the handshake.</summary>
internal sealed class SecuredPipe : IDuplexPipe, IAsyncDisposable
{
    // How long the peer may take to take our farewell.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly SslStream _tls;

    private SecuredPipe(SslStream tls, PipeStream below, PipeWriter belowWriter)
    {
        _tls = tls;

        // Zero-byte reads: a client that is silent holds no buffer.
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true, useZeroByteReads: true));
        Output = new SecuredWriter(tls, below, belowWriter);
    }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <summary>Holds the server's side of the handshake.</summary>
    /// <exception cref="AuthenticationException">The peers do not agree.</exception>
    /// <exception cref="IOException">The connection broke, or what came was no TLS.</exception>
    /// <exception cref="OperationCanceledException">The peer took too long.</exception>
    public static async ValueTask<SecuredTransport> AcceptAsync(
        IDuplexPipe transport, SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var below = new PipeStream(transport);
        var tls = new SslStream(below, leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsServerAsync(options, cancellationToken);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }

#pragma warning disable CA2000 // Whoever takes the transport disposes of its owner.
        var pipe = new SecuredPipe(tls, below, transport.Output);
#pragma warning restore CA2000
        return new SecuredTransport(pipe, new TlsFacts(tls.SslProtocol, tls.NegotiatedCipherSuite.ToString(), tls.RemoteCertificate as X509Certificate2), pipe);
    }

    /// <summary>Says farewell, so that the peer can tell an end from a cut (RFC 8446 section 6.1), and lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        try
        {
            await _tls.ShutdownAsync().WaitAsync(Farewell);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or TimeoutException or AuthenticationException)
        {
            // The peer is gone, or does not read: nobody is left to say it to.
        }

        await _tls.DisposeAsync();
    }
}
