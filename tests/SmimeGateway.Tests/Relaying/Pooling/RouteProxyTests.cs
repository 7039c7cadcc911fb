using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.Relaying;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Pooling;

/// <summary>Proxies that lie, flood, hang up, and say the host's first word together with their own last.</summary>
public sealed class RouteProxyTests : IDisposable
{
    private static readonly DnsEndPoint Host = new("mx.example.net", 25);
    private static readonly byte[] Chosen = [5, 0];
    private static readonly byte[] Connected = [5, 0, 0, 1, 127, 0, 0, 1, 0, 25];

    private static readonly ConnectPatience Patience = new(TimeSpan.FromSeconds(10), TimeProvider.System);

    private readonly ScratchFolder _folder = new();
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);

    public RouteProxyTests()
    {
        _proxy.Start();
    }

    public static TheoryData<byte[]> Replies => new()
    {
        Connected,
        new byte[] { 5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 25 },
        new byte[] { 5, 0, 0, 3, 3, (byte)'a', (byte)'.', (byte)'b', 0, 25 },
    };

    public void Dispose()
    {
        _proxy.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task The_first_word_of_the_host_is_not_lost_with_the_last_of_a_SOCKS_proxy(byte[] reply)
    {
        var served = ServeAsync(async stream =>
        {
            (await ReadAsync(stream)).ShouldBe([5, 1, 0]);
            await stream.WriteAsync(Chosen);
            (await ReadAsync(stream)).ShouldBe([5, 1, 0, 3, 14, .. "mx.example.net"u8, 0, 25]);
            await stream.WriteAsync((byte[])[.. reply, .. "220 host\r\n"u8]);
        });

        await using var stream = await ConnectAsync("socks5");

        Encoding.ASCII.GetString(await ReadAsync(stream)).ShouldBe("220 host\r\n");
        stream.Socket.NoDelay.ShouldBeTrue();
        await served;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 Connection established\r\n\r\n")]
    [InlineData("HTTP/1.0 200\r\nVia: a\r\nX: b\r\n\r\n")]
    [InlineData("HTTP/1.1 204 fine\n\n")]
    public async Task The_first_word_of_the_host_is_not_lost_with_the_last_of_an_HTTP_proxy(string answer)
    {
        var served = ServeAsync(async stream =>
        {
            Encoding.ASCII.GetString(await ReadAsync(stream)).ShouldBe("CONNECT mx.example.net:25 HTTP/1.1\r\nHost: mx.example.net:25\r\n\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "220 host\r\n"));
        });

        await using var stream = await ConnectAsync("http");

        Encoding.ASCII.GetString(await ReadAsync(stream)).ShouldBe("220 host\r\n");
        await served;
    }

    [Fact]
    public async Task User_and_password_go_to_a_SOCKS_proxy_that_wants_them_and_to_no_other()
    {
        for (var wants = 0; wants < 2; wants++)
        {
            var served = ServeAsync(async stream =>
            {
                (await ReadAsync(stream)).ShouldBe([5, 2, 0, 2]);
                if (wants == 1)
                {
                    await stream.WriteAsync((byte[])[5, 2]);
                    (await ReadAsync(stream)).ShouldBe([1, 2, .. "me"u8, 8, .. "p\u00e4ss:wd"u8]);
                    await stream.WriteAsync((byte[])[1, 0]);
                }
                else
                {
                    await stream.WriteAsync(Chosen);
                }

                (await ReadAsync(stream))[..2].ShouldBe([5, 1]);
                await stream.WriteAsync(Connected);
            });

            await using var stream = await ConnectAsync("socks5", "p\u00e4ss:wd");
            await served;
        }
    }

    [Fact]
    public async Task User_and_password_go_to_an_HTTP_proxy_as_RFC_7617_has_it()
    {
        var served = ServeAsync(async stream =>
        {
            Encoding.ASCII.GetString(await ReadAsync(stream)).ShouldContain($"\r\nProxy-Authorization: Basic {Convert.ToBase64String("me:secret"u8)}\r\n\r\n");
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        });

        await using var stream = await ConnectAsync("http", "secret");
        await served;
    }

    [Theory]
    [InlineData("socks5", "", "the proxy closed the connection")]
    [InlineData("socks5", "05", "the proxy closed the connection")]
    [InlineData("socks5", "0500 0500", "the proxy closed the connection")]
    [InlineData("socks5", "05FF", "the proxy wants a login, and its address names no user")]
    [InlineData("socks5", "0502", "the proxy wants a login, and its address names no user")]
    [InlineData("socks5", "4854", "the proxy answers with something that is not SOCKS 5")]
    [InlineData("socks5", "0500 05000009", "the proxy answers with something that is not SOCKS 5")]
    [InlineData("socks5", "0500 05020001", "the proxy refuses: its rules do not allow the connection")]
    [InlineData("socks5", "0500 05050001", "the proxy refuses: the host refuses the connection")]
    [InlineData("socks5", "0500 05630001", "the proxy refuses: code 99")]
    [InlineData("http", "", "the proxy closed the connection")]
    [InlineData("http", "485454502F312E312032303020", "the proxy closed the connection")]
    [InlineData("http", "3232302061203B0D0A0D0A", "the proxy answers with something that is not HTTP")]
    [InlineData("http", "485454502F312E310D0A0D0A", "the proxy answers with something that is not HTTP")]
    // What it says itself is not repeated: a hostile one repeats the password.
    [InlineData("http", "485454502F312E3120353032206C6F67696E3A736563726574200D0A0D0A", "the proxy refuses: 502")]
    [InlineData("http", "485454502F312E7820323030204F4B0D0A0D0A", "the proxy answers with something that is not HTTP")]
    [InlineData("http", "485454502F312E3120320D0A0D0A", "the proxy answers with something that is not HTTP")]
    [InlineData("http", "485454502F312E312032303030204F4B0D0A0D0A", "the proxy answers with something that is not HTTP")]
    [InlineData("http", "485454502F312E3120343037201B5B33316D6C6F67696E0D0A0D0A", "the proxy wants a login, and its address names no user")]
    public async Task What_a_proxy_answers_instead_is_told_in_a_sentence(string kind, string answers, string sentence)
    {
        var served = ServeAsync(async stream =>
        {
            foreach (var answer in answers.Split(' '))
            {
                await ReadAsync(stream);
                await stream.WriteAsync(Convert.FromHexString(answer));
            }
        });

        (await Should.ThrowAsync<IOException>(ConnectAsync(kind).AsTask())).Message.ShouldBe(sentence);
        await served;
    }

    [Theory]
    [InlineData("socks5", "05FF", "the proxy takes no login by user and password")]
    [InlineData("http", "485454502F312E3120343037206C6F67696E0D0A0D0A", "the proxy refuses: 407 (it wants another user or password)")]
    public async Task A_proxy_that_does_not_take_the_login_is_told_otherwise_than_one_that_gets_none(string kind, string answer, string sentence)
    {
        var served = ServeAsync(async stream =>
        {
            await ReadAsync(stream);
            await stream.WriteAsync(Convert.FromHexString(answer));
        });

        (await Should.ThrowAsync<IOException>(ConnectAsync(kind, "secret").AsTask())).Message.ShouldBe(sentence);
        await served;
    }

    [Fact]
    public async Task An_answer_without_end_is_read_no_further_than_its_bound()
    {
        var sent = 0L;
        var served = ServeAsync(async stream =>
        {
            await ReadAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            try
            {
                for (var line = Encoding.ASCII.GetBytes("X: " + new string('a', 5000) + "\r\n"); ; sent += line.Length)
                {
                    await stream.WriteAsync(line);
                }
            }
            catch (IOException)
            {
                // The gateway has had enough.
            }
        });

        (await Should.ThrowAsync<IOException>(ConnectAsync("http").AsTask())).Message.ShouldBe("the answer of the proxy is longer than 8192 octets");
        await served;
        sent.ShouldBeLessThan(50_000_000);
    }

    [Fact]
    public async Task A_password_that_cannot_be_read_is_told_before_anything_is_connected()
    {
        var proxy = RouteProxy.Of(Route("socks5", new SecretOptions { File = _folder.Path + "/none" }))!;

        (await Should.ThrowAsync<IOException>(proxy.ConnectAsync(Host, Patience, default).AsTask())).Message.ShouldContain(_folder.Path + "/none");
        _proxy.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task An_address_of_the_proxy_that_drops_what_is_sent_keeps_nobody_from_the_others_and_is_the_last_for_a_while()
    {
        IPAddress[] dropping = [IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2")];
        var time = new ManualTimeProvider();
        var tried = new List<string>();
        var proxy = RouteProxy.Of(Route("socks5", null), TimeSpan.FromSeconds(30), (_, _) => Task.FromResult<IPAddress[]>([.. dropping, IPAddress.Loopback]), async (endPoint, token) =>
        {
            tried.Add(endPoint.Address.ToString());
            await (dropping.Contains(endPoint.Address) ? DropAsync(time, token) : Task.CompletedTask);
            return await NextHopSocket.ConnectAsync(endPoint, token);
        })!;

        for (var i = 0; i < 2; i++)
        {
            var served = ServeAsync(async stream =>
            {
                await ReadAsync(stream);
                await stream.WriteAsync(Chosen);
                await ReadAsync(stream);
                await stream.WriteAsync(Connected);
            });

            await using var stream = await proxy.ConnectAsync(Host, new ConnectPatience(TimeSpan.FromSeconds(10), time), default);
            await served;
        }

        tried.ShouldBe(["2001:db8::1", "2001:db8::2", "127.0.0.1", "127.0.0.1"]);
    }

    [Theory]
    [InlineData(true, "It took longer than 10 seconds")]
    [InlineData(false, "Connection refused")]
    public async Task Where_no_address_answers_the_trouble_of_the_last_is_told(bool isDropping, string trouble)
    {
        var time = new ManualTimeProvider();
        var proxy = RouteProxy.Of(Route("http", null), TimeSpan.FromSeconds(30), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback]), async (_, token) =>
        {
            await (isDropping ? DropAsync(time, token) : Task.CompletedTask);
            throw new SocketException((int)SocketError.ConnectionRefused);
        })!;

        var connecting = proxy.ConnectAsync(Host, new ConnectPatience(TimeSpan.FromSeconds(10), time), default).AsTask();
        (await Should.ThrowAsync<IOException>(connecting)).Message.ShouldBe("the proxy cannot be reached: " + trouble);
    }

    private static Task DropAsync(ManualTimeProvider time, CancellationToken cancellationToken)
    {
        time.Advance(TimeSpan.FromSeconds(10));
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private ValueTask<NetworkStream> ConnectAsync(string kind, string? password = null) =>
        RouteProxy.Of(Route(kind, password is null ? null : new SecretOptions { File = _folder.Write("password", password + "\n") }))!.ConnectAsync(Host, Patience, default);

    private RouteOptions Route(string kind, SecretOptions? password) => new()
    {
        Recipients = ["*"],
        Proxy = $"{kind}://{(password is null ? string.Empty : "me@")}127.0.0.1:{((IPEndPoint)_proxy.LocalEndpoint).Port}",
        ProxyPassword = password,
    };

    private async Task ServeAsync(Func<NetworkStream, Task> dialog)
    {
        using var client = await _proxy.AcceptTcpClientAsync();
        client.NoDelay = true;
        await dialog(client.GetStream());
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var octets = new byte[1000];
        return octets[..await stream.ReadAsync(octets)];
    }
}
