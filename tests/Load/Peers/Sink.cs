using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.LoadPeers;

/// <summary>
/// Takes all mail and forgets it, as <c>smtp-sink -c</c> does, and writes how many messages it took; with TLS from STARTTLS on when it is
/// given a certificate.
/// </summary>
internal sealed class Sink(int port, string? certificateFile)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4);
    private readonly SslStreamCertificateContext? _certificate = certificateFile is null
        ? null
        : SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12FromFile(certificateFile, null), null, offline: true);

    private int _taken;

    /// <summary>Serves until the process is killed.</summary>
    public async Task RunAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(backlog: 1000);
        _ = Task.Run(ReportAsync);
        while (true)
        {
            var connection = await listener.AcceptTcpClientAsync();
            connection.NoDelay = true;
            new Thread(() => Serve(connection)) { IsBackground = true }.Start();
        }
    }

    private void Serve(TcpClient connection)
    {
        try
        {
            using (connection)
            {
                var plain = connection.GetStream();
                plain.Write("220 sink.example.net ESMTP\r\n"u8);
                if (new SinkSession(plain, _certificate is not null, Count).Run())
                {
                    using var secured = new SslStream(plain);
                    secured.AuthenticateAsServer(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate });
                    new SinkSession(secured, offersTls: false, Count).Run();
                }
            }
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The contender closed its connection; what it delivered is counted.
        }
    }

    private void Count() => Interlocked.Increment(ref _taken);

    private async Task ReportAsync()
    {
        using var tick = new PeriodicTimer(Interval);
        var reported = -1;
        while (await tick.WaitForNextTickAsync())
        {
            var taken = Volatile.Read(ref _taken);
            if (taken != reported)
            {
                reported = taken;
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"mesg={taken} "));
            }
        }
    }
}
