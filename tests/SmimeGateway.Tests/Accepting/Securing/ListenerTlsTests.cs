using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting.Securing;

public sealed class ListenerTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ListenerTlsTests() => TestPki.WriteP12(_folder["gateway.pfx"], string.Empty, [TestServers.Server("gateway.example.com"), .. TestPki.Chain]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Implicit_TLS_shakes_hands_before_the_greeting_and_shows_the_chain_without_the_root(SslProtocols version)
    {
        await using var listener = await KestrelListener.StartAsync(Implicit());
        IReadOnlyList<string> shown = [];
        await using var client = await ConnectAsync(listener.Port, version: version, inspect: chain => shown = chain);

        (await client.ReadLineAsync()).ShouldStartWith("220 ");
        await client.SayAsync("EHLO c");
        shown.ShouldBe(["CN=gateway.example.com", TestPki.Intermediate.Subject]);
        client.Tls.SslProtocol.ShouldBe(version);

        await client.SayAsync("MAIL FROM:<a@example.com>");
        await client.SayAsync("RCPT TO:<b@example.net>");
        await client.SayAsync("DATA");
        (await client.SayAsync("A: b\r\n\r\ntext\r\n.")).ShouldStartWith("250 ");
        var text = Encoding.ASCII.GetString(listener.Messages.ShouldHaveSingleItem().Content.Span);
        text.ShouldContain("with ESMTPS id");
        text.ShouldContain(version == SslProtocols.Tls12 ? "(using TLSv1.2 with cipher TLS_" : "(using TLSv1.3 with cipher TLS_");
    }

    [Fact]
    public async Task A_large_message_survives_encryption_to_the_octet()
    {
        await using var listener = await KestrelListener.StartAsync(Implicit());
        await using var client = await ConnectAsync(listener.Port);
        var body = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"line {i} of many\r\n"));
        await client.ReadLineAsync();
        await client.SayAsync("EHLO c");
        await client.SayAsync("MAIL FROM:<a@example.com>");
        await client.SayAsync("RCPT TO:<b@example.net>");
        await client.SayAsync("DATA");

        (await client.SayAsync("A: b\r\n\r\n" + body + ".")).ShouldStartWith("250 ");

        Encoding.ASCII.GetString(listener.Messages.ShouldHaveSingleItem().Content.Span).ShouldEndWith("A: b\r\n\r\n" + body);
    }

    [Fact]
    public async Task A_version_that_is_too_old_gets_no_greeting()
    {
        var options = Implicit();
        await using var listener = await KestrelListener.StartAsync(options with { Tls = options.Tls with { MinimumVersion = TlsVersion.Tls13 } });

        await Should.ThrowAsync<AuthenticationException>(() => ConnectAsync(listener.Port, version: SslProtocols.Tls12));
    }

    [Fact]
    public async Task Who_speaks_plain_text_or_nothing_at_all_is_cut_off_and_logged()
    {
        await using var listener = await KestrelListener.StartAsync(Implicit());
        using (var plain = new TcpClient("127.0.0.1", listener.Port))
        {
            await plain.GetStream().WriteAsync("EHLO c\r\n"u8.ToArray());
            var answer = new byte[100];
            var length = await plain.GetStream().ReadAsync(answer);
            Encoding.ASCII.GetString(answer, 0, length).ShouldNotContain("220");
        }

        using (var gone = new TcpClient("127.0.0.1", listener.Port))
        {
            gone.Close();
        }

        await using var client = await ConnectAsync(listener.Port);
        (await client.ReadLineAsync()).ShouldStartWith("220 ");
    }

    [Fact]
    public async Task A_drain_reaches_an_encrypted_session_and_a_running_transaction_goes_on()
    {
        await using var listener = await KestrelListener.StartAsync(Implicit());
        await using var idle = await ConnectAsync(listener.Port);
        await using var busy = await ConnectAsync(listener.Port);
        await idle.ReadLineAsync();
        await busy.ReadLineAsync();
        await busy.SayAsync("EHLO c");
        await busy.SayAsync("MAIL FROM:<a@example.com>");

        var stopping = listener.StopAsync();

        (await idle.ReadLineAsync()).ShouldStartWith("421 4.3.2 ");
        (await idle.ReadLineAsync()).ShouldBeNull("TLS ends with its farewell, not with a cut");
        (await busy.SayAsync("RCPT TO:<b@example.net>")).ShouldStartWith("250 ");
        (await busy.SayAsync("DATA")).ShouldStartWith("354 ");
        (await busy.SayAsync("A: b\r\n\r\ntext\r\n.")).ShouldStartWith("250 ");
        (await busy.ReadLineAsync()).ShouldStartWith("421 4.3.2 ");
        await Eventually.EndsAsync(stopping);
    }

    [Fact]
    public async Task A_client_that_is_silent_in_a_session_hears_why_it_is_cut_off()
    {
        var options = Implicit() with { Limits = new ListenerLimits { Idle = TimeSpan.FromSeconds(1) } };
        await using var listener = await KestrelListener.StartAsync(options);
        await using var client = await ConnectAsync(listener.Port);
        await client.ReadLineAsync();

        (await client.ReadLineAsync()).ShouldStartWith("421 4.4.2 ");
    }

    [Fact]
    public async Task A_new_file_is_shown_from_the_next_connection_on_and_a_broken_one_changes_nothing()
    {
        await using var listener = await KestrelListener.StartAsync(Implicit());
        (await PresentedAsync(listener.Port)).ShouldBe("CN=gateway.example.com");

        TestPki.WriteP12(_folder["gateway.pfx"], string.Empty, TestServers.Server("mail.example.com", KeyKind.EcP256));
        await Eventually.TrueAsync(async () => await PresentedAsync(listener.Port) == "CN=mail.example.com");

        File.WriteAllText(_folder["gateway.pfx"], "half a fi");
        await Eventually.TrueAsync(async () =>
        {
            (await PresentedAsync(listener.Port)).ShouldBe("CN=mail.example.com");
            return listener.Tls!.Source.Problems.Count == 1;
        });
    }

    [Fact]
    public async Task A_certificate_that_is_its_own_authority_is_shown_where_there_is_no_other()
    {
        TestPki.WriteP12(_folder["gateway.pfx"], string.Empty, TestPki.Root);
        await using var listener = await KestrelListener.StartAsync(Implicit());

        (await PresentedAsync(listener.Port)).ShouldBe(TestPki.Root.Subject);
    }

    [Fact]
    public async Task A_PEM_pair_with_a_password_serves_as_well()
    {
        var certificate = TestServers.Server("gateway.example.com");
        File.WriteAllText(_folder["gateway.crt"], TestPki.MakeCertificatePem([certificate, .. TestPki.Chain]));
        File.WriteAllText(_folder["gateway.key"], TestPki.MakeKeyPem(certificate, "secret"));
        File.WriteAllText(_folder["password"], "secret\n");
        var options = Implicit() with
        {
            Tls = new ListenerTlsOptions
            {
                Mode = ListenerTlsMode.Implicit,
                Certificate = _folder["gateway.crt"],
                Key = _folder["gateway.key"],
                Password = new SecretOptions { File = _folder["password"] },
            },
        };
        await using var listener = await KestrelListener.StartAsync(options);

        (await PresentedAsync(listener.Port)).ShouldBe("CN=gateway.example.com");
    }

    [Theory]
    [InlineData(ClientCertificateMode.Offered, "trusted", true)]
    [InlineData(ClientCertificateMode.Offered, "pinned", true)]
    [InlineData(ClientCertificateMode.Offered, "server", false)]
    [InlineData(ClientCertificateMode.Offered, "stranger", false)]
    [InlineData(ClientCertificateMode.Offered, null, false)]
    [InlineData(ClientCertificateMode.Required, "trusted", true)]
    [InlineData(ClientCertificateMode.Required, "pinned", true)]
    [InlineData(ClientCertificateMode.Required, "stranger", null)]
    [InlineData(ClientCertificateMode.Required, null, null)]
    public async Task A_client_from_elsewhere_is_known_by_a_certificate_of_the_roots_or_a_pinned_one(ClientCertificateMode mode, string? shows, bool? isServed)
    {
        using var pinned = TestServers.SelfSigned("pinned.example.com");
        File.WriteAllText(_folder["roots.pem"], TestPki.MakeCertificatePem(TestPki.Chain));
        var options = Implicit() with { Clients = [] };
        options = options with
        {
            Tls = options.Tls with
            {
                ClientCertificates = new ClientCertificateOptions
                {
                    Mode = mode,
                    Roots = [_folder["roots.pem"]],
                    Fingerprints = [pinned.GetCertHashString(HashAlgorithmName.SHA256)],
                },
            },
            Clients = mode == ClientCertificateMode.Required ? [System.Net.IPNetwork.Parse("127.0.0.0/8")] : [],
        };
        using var certificate = shows switch
        {
            "trusted" => TestServers.Client("client.example.com"),
            "server" => TestServers.Server("client.example.com"),
            "pinned" => pinned,
            "stranger" => TestServers.SelfSigned("client.example.com"),
            _ => null,
        };
        await using var listener = await KestrelListener.StartAsync(options);

        (await IsServedAsync(listener.Port, certificate)).ShouldBe(isServed);
    }

    private static async Task<bool?> IsServedAsync(int port, X509Certificate2? certificate)
    {
        try
        {
            await using var client = await ConnectAsync(port, certificate);
            if (await client.ReadLineAsync() is null)
            {
                return null;
            }

            await client.SayAsync("EHLO c");
            return (await client.SayAsync("MAIL FROM:<a@example.com>")).StartsWith("250 ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // In TLS 1.3 the client learns only after its own part of the handshake that it was refused.
            return null;
        }
    }

    private static async Task<string> PresentedAsync(int port)
    {
        IReadOnlyList<string> shown = [];
        await using var client = await ConnectAsync(port, inspect: chain => shown = chain);
        return shown[0];
    }

    private static Task<EncryptedClient> ConnectAsync(
        int port, X509Certificate2? certificate = null, SslProtocols version = SslProtocols.None, Action<IReadOnlyList<string>>? inspect = null) =>
        EncryptedClient.ConnectAsync(port, certificate, version, inspect);

    private ListenerOptions Implicit() => KestrelListener.Some() with
    {
        Tls = new ListenerTlsOptions { Mode = ListenerTlsMode.Implicit, Certificate = _folder["gateway.pfx"] },
    };

    private sealed class EncryptedClient(TcpClient connection, SslStream tls) : IAsyncDisposable
    {
        private readonly StreamReader _reader = new(tls, Encoding.ASCII, leaveOpen: true);

        public SslStream Tls => tls;

        public static async Task<EncryptedClient> ConnectAsync(
            int port, X509Certificate2? certificate, SslProtocols version, Action<IReadOnlyList<string>>? inspect)
        {
            var connection = new TcpClient { NoDelay = true };
            await connection.ConnectAsync("127.0.0.1", port);
            var tls = new SslStream(connection.GetStream());
            try
            {
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    TargetHost = "gateway.example.com",
                    EnabledSslProtocols = version,
                    ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, [TestPki.Intermediate], offline: true),
                    RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                    {
                        inspect?.Invoke([shown!.Subject, .. chain!.ChainPolicy.ExtraStore.Select(extra => extra.Subject).Where(subject => subject != shown.Subject)]);
                        return true;
                    },
                });
                return new EncryptedClient(connection, tls);
            }
            catch
            {
                await tls.DisposeAsync();
                connection.Dispose();
                throw;
            }
        }

        public async Task<string?> ReadLineAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await _reader.ReadLineAsync(patience.Token);
        }

        public async Task<string> SayAsync(string line)
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            while (true)
            {
                var reply = await ReadLineAsync() ?? throw new IOException("the server closed the connection");
                if (reply.Length < 4 || reply[3] != '-')
                {
                    return reply;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            _reader.Dispose();
            await tls.DisposeAsync();
            connection.Dispose();
        }
    }
}
