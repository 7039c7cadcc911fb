using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeGateway.LoadPeers;

/// <summary>
/// Sends the same message over and over, over sessions that stay open and wait for each reply, as <c>smtp-source -d</c> does; with TLS
/// from STARTTLS on when it is given a root to trust.
/// </summary>
internal sealed class Source(int port, int sessions, int size, int messages, string? rootFile)
{
    private const string Host = "localhost";
    private static readonly byte[] Mail = "MAIL FROM:<alice@example.com>\r\n"u8.ToArray();
    private static readonly byte[] Recipient = "RCPT TO:<bob@example.net>\r\n"u8.ToArray();
    private static readonly byte[] Data = "DATA\r\n"u8.ToArray();
    private readonly byte[] _message = Compose(size);
    private readonly X509Certificate2? _root = rootFile is null ? null : X509CertificateLoader.LoadCertificateFromFile(rootFile);
    private int _begun;
    private int _failures;

    /// <summary>Returns 0 once all messages were accepted, 1 when one was not.</summary>
    public int Run()
    {
        var threads = Enumerable.Range(0, sessions).Select(_ => new Thread(Send)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return _failures == 0 ? 0 : 1;
    }

    private void Send()
    {
        try
        {
            using var connection = new TcpClient { NoDelay = true };
            connection.Connect(IPAddress.Loopback, port);
            using var stream = Open(connection.GetStream());
            var dialog = new Dialog(stream);
            while (Interlocked.Increment(ref _begun) <= messages)
            {
                dialog.Say(Mail, 250);
                dialog.Say(Recipient, 250);
                dialog.Say(Data, 354);
                dialog.Say(_message, 250);
            }

            dialog.Say("QUIT\r\n"u8, 221);
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or AuthenticationException)
        {
            Interlocked.Increment(ref _failures);
            Console.Error.WriteLine(trouble.Message);
        }
    }

    private Stream Open(Stream plain)
    {
        var dialog = new Dialog(plain);
        dialog.Expect(220);
        dialog.Say("EHLO generator.example.com\r\n"u8, 250);
        if (_root is null)
        {
            return plain;
        }

        dialog.Say("STARTTLS\r\n"u8, 220);
        var secured = new SslStream(plain);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_root);
        secured.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = Host, CertificateChainPolicy = policy });
        new Dialog(secured).Say("EHLO generator.example.com\r\n"u8, 250);
        return secured;
    }

    private static byte[] Compose(int size)
    {
        var text = new StringBuilder("From: alice@example.com\r\nTo: bob@example.net\r\nSubject: load\r\nMessage-ID: <load@generator.example.com>\r\n\r\n");
        while (text.Length < size)
        {
            text.Append(new string('X', 78)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.Append(".\r\n").ToString());
    }
}
