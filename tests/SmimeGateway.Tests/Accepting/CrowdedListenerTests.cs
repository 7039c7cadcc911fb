using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting;

/// <summary>What a listener does with balancers, with too many connections and with too big messages, over real sockets.</summary>
public sealed class CrowdedListenerTests
{
    [Theory]
    [InlineData("PROXY TCP4 10.9.8.7 127.0.0.1 4711 25\r\n", "10.9.8.7")]
    [InlineData("PROXY TCP6 ::ffff:10.9.8.7 ::1 4711 25\r\n", "10.9.8.7")]
    [InlineData("PROXY UNKNOWN\r\n", "127.0.0.1")]
    public async Task Behind_a_balancer_the_client_is_whom_the_header_names(string header, string client)
    {
        await using var listener = await KestrelListener.StartAsync(Proxied(client + "/32"));
        using var connection = await ConnectAsync(listener.Port);

        // Octet by octet, and the first command along with the end of the header.
        foreach (var octet in Encoding.ASCII.GetBytes(header))
        {
            await connection.GetStream().WriteAsync(new[] { octet });
        }

        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "EHLO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n"));
        await ReadUntilAsync(connection, "354 ");
        await connection.GetStream().WriteAsync("A: b\r\n\r\ntext\r\n.\r\n"u8.ToArray());
        await ReadUntilAsync(connection, "250 2.0.0 kept");

        var message = listener.Messages.ShouldHaveSingleItem();
        message.Session.Client.Address.ShouldBe(IPAddress.Parse(client));
        Encoding.ASCII.GetString(message.Content.Span).ShouldContain($"([{client}])");
    }

    [Fact]
    public async Task The_limit_for_each_client_counts_clients_and_not_balancers()
    {
        await using var listener = await KestrelListener.StartAsync(Proxied("10.0.0.0/8") with { Limits = new ListenerLimits { ConnectionsPerClient = 1 } });
        using var one = await GreetedAsync("10.0.0.1");
        using var two = await GreetedAsync("10.0.0.2");

        using var again = await ConnectAsync(listener.Port);
        await again.GetStream().WriteAsync("PROXY TCP4 10.0.0.1 127.0.0.1 1 25\r\n"u8.ToArray());
        (await ReadUntilAsync(again, "\r\n")).ShouldStartWith("421 4.7.0 ");

        async Task<TcpClient> GreetedAsync(string client)
        {
            var connection = await ConnectAsync(listener.Port);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PROXY TCP4 {client} 127.0.0.1 1 25\r\n"));
            await ReadUntilAsync(connection, "220 ");
            return connection;
        }
    }

    [Theory]
    [InlineData("EHLO client.example.com\r\n")]
    [InlineData("PROXY TCP4 nonsense\r\n")]
    [InlineData("PROXY TCP4 ")]
    public async Task Without_a_header_there_is_no_greeting(string begin)
    {
        await using var listener = await KestrelListener.StartAsync(Proxied("127.0.0.0/8"));
        using var connection = await ConnectAsync(listener.Port);

        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begin));
        if (!begin.EndsWith('\n'))
        {
            connection.Client.Shutdown(SocketShutdown.Send);
        }

        (await ReadAllAsync(connection)).ShouldBeEmpty();
        await Eventually.TrueAsync(() => listener.Log.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("127.0.0.1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_is_no_balancer_is_closed_out_whatever_it_says()
    {
        await using var listener = await KestrelListener.StartAsync(Proxied("0.0.0.0/0") with { Proxies = [IPNetwork.Parse("10.0.0.0/8")] });
        var read = string.Empty;

        try
        {
            using var connection = await ConnectAsync(listener.Port);
            await connection.GetStream().WriteAsync("PROXY TCP4 10.9.8.7 127.0.0.1 4711 25\r\n"u8.ToArray());
            read = await ReadAllAsync(connection);
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // It may be closed out before it says anything.
        }

        read.ShouldBeEmpty();
        await Eventually.TrueAsync(() => listener.Log.Lines.Any(line => line.Contains("does not come from one of the proxies", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task When_all_connections_are_in_use_the_one_that_was_silent_the_longest_makes_room()
    {
        await using var listener = await KestrelListener.StartAsync(new ListenerLimits { Connections = 4 });
        var silent = new List<RawSmtpDialog>();
        for (var i = 0; i < 4; i++)
        {
            silent.Add(await RawSmtpDialog.GreetAsync(listener.Port));
        }

        await using (var early = await RawSmtpDialog.ConnectAsync(listener.Port))
        {
            early.Greeting.Code.ShouldBe(421, "nobody has been silent for a second");
        }

        // Whoever knocks is sent away until the first has been silent for long enough.
        await using var honest = await InsistAsync(listener.Port);

        (await honest.SendAsync("alice@example.com", ["bob@example.net"], "A: b\r\n\r\ntext\r\n"u8.ToArray())).Code.ShouldBe(250);
        (await silent[0].ReadAsync()).Code.ShouldBe(421);
        (await silent[1].CommandAsync("NOOP")).Code.ShouldBe(250);
        listener.Log.Lines.ShouldContain(line => line.Contains("is crowded", StringComparison.Ordinal));
        foreach (var dialog in silent)
        {
            await dialog.DisposeAsync();
        }
    }

    private static async Task<RawSmtpDialog> InsistAsync(int port)
    {
        RawSmtpDialog? dialog = null;
        await Eventually.TrueAsync(async () =>
        {
            await (dialog?.DisposeAsync() ?? ValueTask.CompletedTask);
            dialog = await RawSmtpDialog.ConnectAsync(port);
            return dialog.Greeting.Code == 220;
        });
        (await dialog!.CommandAsync("EHLO client.example.com")).Code.ShouldBe(250);
        return dialog;
    }

    private static ListenerOptions Proxied(string clients) => KestrelListener.Some(clients) with
    {
        ProxyProtocol = true,
        Proxies = [IPNetwork.Parse("127.0.0.0/8")],
    };

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    private static async Task<string> ReadUntilAsync(TcpClient connection, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var length = await connection.GetStream().ReadAsync(buffer, patience.Token);
            length.ShouldBeGreaterThan(0, $"the connection ended after: {read}");
            read.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }

        return read.ToString();
    }

    private static async Task<string> ReadAllAsync(TcpClient connection)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var all = new MemoryStream();
        try
        {
            await connection.GetStream().CopyToAsync(all, patience.Token);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // Cut off rather than closed: nothing more comes either way.
        }

        return Encoding.ASCII.GetString(all.ToArray());
    }
}
