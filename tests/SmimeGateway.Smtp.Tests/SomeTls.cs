using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests;

/// <summary>Real TLS on pipes, for both ends.</summary>
internal static class SomeTls
{
    private static readonly X509Certificate2 Certificate = TestPki.Issue("gateway@example.com", usage: TestUsage.TlsServer);

    public static TlsFacts Facts { get; } = new(default, "TLS_AES_128_GCM_SHA256", null);

    /// <summary>True for the server's certificate.</summary>
    public static bool Is(X509Certificate? certificate) => Certificate.Equals(certificate);

    /// <summary>The server's handshake.</summary>
    public static async ValueTask<SecuredTransport> ServeAsync(IDuplexPipe transport, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new DuplexPipeStream(transport.Input, transport.Output));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, cancellationToken);
        return new SecuredTransport(new Ends(PipeReader.Create(stream), new WholeRecords(PipeWriter.Create(stream))), Facts, stream);
    }

    /// <summary>The client's handshake, which trusts this one certificate.</summary>
    public static async Task<IDuplexPipe> ConnectAsync(PipeReader fromServer, PipeWriter toServer)
    {
        var stream = new SslStream(new DuplexPipeStream(fromServer, toServer));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "gateway.example.com",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => Is(certificate),
        });
        return new Ends(PipeReader.Create(stream), PipeWriter.Create(stream));
    }

    /// <summary>No handshake at all: the session goes on as if there had been one.</summary>
    public static ValueTask<SecuredTransport> PretendAsync(IDuplexPipe transport, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new SecuredTransport(transport, Facts, new Nothing()));

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>A flush that was begun goes to its end: the framework's own writer breaks it off by leaving out a record, and nothing can be read after it.</summary>
    private sealed class WholeRecords(PipeWriter inner) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush()
        {
            // The gateway's transport lets go of the wait; over memory there is none.
        }

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
