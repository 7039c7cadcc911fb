using System.Text;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A recorder, a gateway, a recorder, a Postfix, and the sink it delivers to; TLS is demanded before and behind the gateway.</summary>
internal sealed class EncryptedChain : IAsyncDisposable
{
    public const string GatewayName = "gateway.example.com";
    private const string ProviderName = "smtp.provider.example";
    private readonly GatewayHome _home = new();
    private GatewayProcess? _gateway;
    private PostfixInstance? _provider;
    private RecordingProxy? _back;

    private EncryptedChain()
    {
        Front = new RecordingProxy(_home.Port);
    }

    /// <summary>What stands before the gateway.</summary>
    public RecordingProxy Front { get; }

    /// <summary>Where everything ends.</summary>
    public CollectingNextHop Sink { get; } = new();

    /// <param name="listener">Further members of the listener, each with a comma before it.</param>
    /// <param name="senders">Who may send.</param>
    public static async Task<EncryptedChain> StartAsync(string listener, string senders)
    {
        var chain = new EncryptedChain();
        var home = chain._home;
        home.Write("roots.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        WriteServer(home, "gateway.pem", GatewayName);
        WriteServer(home, "provider.pem", ProviderName);
        chain._provider = await PostfixInstance.StartAsync(chain.Sink.Port, settings: $"""
            smtpd_tls_security_level = encrypt
            smtpd_tls_chain_files = {home.Folder}/provider.pem
            """);
        chain._back = new RecordingProxy(chain._provider.Port);
        home.Configure(
            Members.Join(
                senders,
                Members.Office(home, TestPki.Issue("alice@example.com")),
                $$"""
                "routes": [{
                  "recipients": ["*"], "hosts": ["127.0.0.1:{{chain._back.Port}}"],
                  "tls": "required", "trust": { "roots": ["roots.pem"], "name": "{{ProviderName}}" } }]
                """,
                Members.SignAll()),
            listener: ", \"tls\": { \"mode\": \"required\", \"certificate\": \"gateway.pem\" }" + listener);
        chain._gateway = await GatewayProcess.StartAsync(home);
        return chain;
    }

    public async Task AddUserAsync(string name, string password)
    {
        var run = await GatewayProcess.CommandAsync(_home, "user", "add", name, "--password-file", _home.Write("password", password + "\n"));
        run.ExitCode.ShouldBe(0, run.Text);
    }

    /// <summary>A Postfix that sends everything to the gateway, and only over a connection that it verified.</summary>
    public Task<PostfixInstance> StartClientAsync() => PostfixInstance.StartAsync(Front.Port, settings: $"""
        smtp_tls_security_level = secure
        smtp_tls_secure_cert_match = {GatewayName}
        smtp_tls_CAfile = {_home.Folder}/roots.pem
        """);

    /// <summary>On both sides, nothing but TLS follows STARTTLS, and none of the texts is anywhere.</summary>
    public void ShouldBeUnreadable(params string[] secrets)
    {
        foreach (var proxy in new[] { Front, _back! })
        {
            proxy.Connections.ShouldNotBeEmpty();
            foreach (var octets in proxy.Connections.SelectMany(connection => new[] { connection.FromClient, connection.FromServer }))
            {
                var handshake = octets.AsSpan().IndexOf((byte[])[22, 3]);
                handshake.ShouldBeGreaterThan(0, Encoding.Latin1.GetString(octets));
                TlsRecords.FindStranger(octets.AsSpan(handshake)).ShouldBeNull();
                secrets.Where(secret => octets.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) > handshake).ShouldBeEmpty();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_back?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Front.DisposeAsync();
        await Sink.DisposeAsync();
        _home.Dispose();
    }

    // Postfix wants the key before its certificate; the gateway takes any order.
    private static void WriteServer(GatewayHome home, string file, string name)
    {
        var certificate = TestPki.ForHost(name);
        home.Write(file, TestPki.MakeKeyPem(certificate) + TestPki.MakeCertificatePem([TestPki.Public(certificate), .. TestPki.Chain]));
    }
}
