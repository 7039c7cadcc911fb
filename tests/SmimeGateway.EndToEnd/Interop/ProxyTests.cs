using System.Net;
using System.Net.Sockets;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>Routes through real proxies: with and without a login, refused, dead, silent; what the route asks of TLS holds behind them.</summary>
public sealed class ProxyTests : IAsyncLifetime, IDisposable
{
    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("socks5", false)]
    [InlineData("socks5", true)]
    [InlineData("http", false)]
    [InlineData("http", true)]
    public async Task Mail_goes_through_a_proxy_under_the_TLS_of_the_route(string kind, bool login)
    {
        await using var proxy = await ProxyInstance.StartAsync(kind, login);
        _nextHop.Tls = new NextHopTls(TestPki.ForHost("mx.partner.example"));
        Configure($"{kind}://{(login ? ProxyInstance.User + "@" : string.Empty)}127.0.0.1:{proxy.Port}", login ? ProxyInstance.Password : null, "required");
        await using var gateway = await GatewayProcess.StartAsync(_home);

        for (var number = 0; number < 5; number++)
        {
            (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com", subject: $"{number}"))).Code.ShouldBe(250);
        }

        var messages = await _nextHop.ReceivesAsync(5);
        messages.ShouldAllBe(message => message.WasEncrypted);
        var status = await GatewayProcess.CommandAsync(_home, "status");
        status.Output.ShouldContain($"through {kind}://127.0.0.1:{proxy.Port}");
        (status.Output + gateway.Log).ShouldNotContain(ProxyInstance.Password);
    }

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public async Task Behind_a_proxy_a_host_without_the_right_certificate_gets_no_octet_of_mail(string kind)
    {
        await using var proxy = await ProxyInstance.StartAsync(kind);
        _nextHop.Tls = new NextHopTls(TestPki.ForHost("other.example"));
        Configure($"{kind}://127.0.0.1:{proxy.Port}", null, "required");
        await using var gateway = await GatewayProcess.StartAsync(_home);

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);

        await gateway.LogsAsync("it is for other.example");
        _nextHop.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("socks5", "the proxy refuses the user or the password")]
    [InlineData("http", "the proxy refuses: 401 (it wants another user or password)")]
    public async Task A_wrong_password_keeps_the_mail_and_the_right_one_sends_it_without_a_restart(string kind, string words)
    {
        await using var proxy = await ProxyInstance.StartAsync(kind, login: true);
        Configure($"{kind}://{ProxyInstance.User}@127.0.0.1:{proxy.Port}", "guess", "off");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await gateway.LogsAsync("the proxy");
        gateway.Log.ShouldContain(words);
        gateway.Log.ShouldNotContain("guess");
        _nextHop.Messages.ShouldBeEmpty();

        _home.Write("proxy.password", ProxyInstance.Password + "\n");

        await _nextHop.ReceivesAsync(1);
    }

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public async Task A_proxy_that_is_down_keeps_the_mail_until_it_is_back(string kind)
    {
        var port = Loopback.FreePort();
        Configure($"{kind}://127.0.0.1:{port}", null, "off");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await gateway.LogsAsync("the proxy cannot be reached: Connection refused");

        await using var proxy = await ProxyInstance.StartAsync(kind, port: port);

        await _nextHop.ReceivesAsync(1);
    }

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public async Task A_host_that_the_proxy_cannot_reach_is_told_so(string kind)
    {
        await using var proxy = await ProxyInstance.StartAsync(kind);
        Configure($"{kind}://127.0.0.1:{proxy.Port}", null, "off", host: $"127.0.0.1:{Loopback.FreePort()}");
        await using var gateway = await GatewayProcess.StartAsync(_home);

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);

        await gateway.LogsAsync($"through {kind}://127.0.0.1:{proxy.Port} failed: the proxy refuses: ");
        gateway.Log.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public async Task A_proxy_that_says_nothing_is_left_after_ten_seconds(string kind)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        Configure($"{kind}://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", null, "off");
        await using var gateway = await GatewayProcess.StartAsync(_home);

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);

        await gateway.LogsAsync("took longer than 10 seconds");
    }

    private void Configure(string proxy, string? password, string tls, string? host = null)
    {
        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        if (password is not null)
        {
            _home.Write("proxy.password", password + "\n");
        }

        var trust = tls == "required" ? ", \"trust\": { \"roots\": \"root.pem\", \"name\": \"mx.partner.example\" }" : string.Empty;
        var secret = password is null ? string.Empty : ", \"proxyPassword\": { \"file\": \"proxy.password\" }";
        _home.Configure(Members.Join(
            Members.Senders,
            $$"""
            "routes": [{ "recipients": "*", "hosts": "{{host ?? $"127.0.0.1:{_nextHop.Port}"}}", "tls": "{{tls}}"{{trust}}, "proxy": "{{proxy}}"{{secret}} }]
            """,
            "\"queue\": { \"retry\": [\"1s\"] }",
            "\"rules\": [{ \"name\": \"pass\", \"when\": { \"sender\": \"*\" }, \"pass\": true }]"));
    }
}
