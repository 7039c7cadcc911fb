using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting;

public sealed class SmtpConnectionHandlerTests
{
    private static readonly byte[] Message = "From: alice@example.com\r\n\r\n.text\r\n"u8.ToArray();

    [Fact]
    public async Task A_message_arrives_with_our_Received_field_before_its_exact_octets()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);

        var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Message);

        reply.Text.ShouldBe("250 2.0.0 kept");
        var message = listener.Messages.ShouldHaveSingleItem();
        message.Session.ListenerName.ShouldBe("internal");
        message.Session.Client.Address.ShouldBe(IPAddress.Loopback);
        var content = Encoding.ASCII.GetString(message.Content.Span);
        content.ShouldStartWith($"Received: from client.example.com ([127.0.0.1])\r\n\tby gateway.example.com with ESMTP id {message.Session.SessionId}\r\n");
        content.ShouldEndWith("+0000\r\nFrom: alice@example.com\r\n\r\n.text\r\n");
    }

    [Fact]
    public async Task A_message_of_many_megabytes_arrives_whole()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);
        var large = Encoding.ASCII.GetBytes("A: b\r\n\r\n" + string.Concat(Enumerable.Range(0, 400_000).Select(i => $".line {i} of many\r\n")));

        var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], large, $" SIZE={large.Length}");

        reply.Code.ShouldBe(250);
        listener.Messages.ShouldHaveSingleItem().Content.Span.EndsWith(large).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stranger_is_refused_at_MAIL()
    {
        await using var listener = await KestrelListener.StartAsync(clients: "10.0.0.0/8");
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);

        dialog.Greeting.Code.ShouldBe(220);
        (await dialog.CommandAsync("MAIL FROM:<alice@example.com>")).Text.ShouldStartWith("550 5.7.1 ");
        (await dialog.CommandAsync("MAIL FROM:<>")).Text.ShouldStartWith("550 5.7.1 ");
    }

    [Fact]
    public async Task A_recipient_without_a_route_is_refused_at_RCPT()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);
        await dialog.CommandAsync("MAIL FROM:<alice@example.com>");

        (await dialog.CommandAsync("RCPT TO:<bob@nowhere.example>")).Text.ShouldStartWith("550 5.1.2 ");
        (await dialog.CommandAsync("RCPT TO:<bob@example.net>")).Code.ShouldBe(250);
    }

    [Fact]
    public async Task A_message_that_could_not_be_stored_is_refused_at_MAIL()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);

        listener.HasRoom = false;
        (await dialog.CommandAsync("MAIL FROM:<alice@example.com> SIZE=10000")).Text.ShouldStartWith("452 4.3.1 ");

        listener.HasRoom = true;
        (await dialog.SendAsync("alice@example.com", ["bob@example.net"], Message)).Code.ShouldBe(250);
    }

    [Fact]
    public async Task A_connection_beyond_the_limit_hears_421_and_is_welcome_once_there_is_room()
    {
        await using var listener = await KestrelListener.StartAsync(new ListenerLimits { ConnectionsPerClient = 1 });
        var first = await RawSmtpDialog.GreetAsync(listener.Port);
        await using (var second = await RawSmtpDialog.ConnectAsync(listener.Port))
        {
            second.Greeting.Text.ShouldStartWith("421 4.7.0 ");
            (await second.ReadAsync()).ShouldBe(RawReply.Closed);
        }

        await first.DisposeAsync();

        await Eventually.TrueAsync(() => Loopback.GreetsAsync(listener.Port));
    }

    [Fact]
    public async Task Changed_options_hold_for_the_next_connection()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using var before = await RawSmtpDialog.GreetAsync(listener.Port);

        listener.Options = listener.Options with { Clients = [], Limits = new ListenerLimits { MessageSize = 5_000 } };

        await using var after = await RawSmtpDialog.ConnectAsync(listener.Port);
        (await after.CommandAsync("EHLO c")).Text.ShouldContain("SIZE 5000");
        (await after.CommandAsync("MAIL FROM:<a@example.com>")).Code.ShouldBe(550);
        (await before.SendAsync("alice@example.com", ["bob@example.net"], Message)).Code.ShouldBe(250);
    }

    [Fact]
    public async Task Stopping_finishes_the_running_transaction_and_says_421()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using var idle = await RawSmtpDialog.GreetAsync(listener.Port);
        await using var busy = await RawSmtpDialog.GreetAsync(listener.Port);
        await busy.CommandAsync("MAIL FROM:<alice@example.com>");

        var stopping = listener.StopAsync();

        (await idle.ReadAsync()).Text.ShouldStartWith("421 4.3.2 ");
        (await busy.CommandAsync("RCPT TO:<bob@example.net>")).Code.ShouldBe(250);
        (await busy.CommandAsync("DATA")).Code.ShouldBe(354);
        (await busy.CommandAsync("a: b\r\n.")).Code.ShouldBe(250);
        (await busy.ReadAsync()).Text.ShouldStartWith("421 4.3.2 ");
        await Eventually.EndsAsync(stopping);
        listener.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_client_that_errs_too_often_reads_why_it_is_cut_off()
    {
        await using var listener = await KestrelListener.StartAsync(new ListenerLimits { Errors = 1 });
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);

        (await dialog.CommandAsync("BAD")).Code.ShouldBe(500);
        (await dialog.CommandAsync("BAD")).Code.ShouldBe(500);

        (await dialog.ReadAsync()).Text.ShouldStartWith("421 4.7.0 ");
        (await dialog.ReadAsync()).ShouldBe(RawReply.Closed);
    }

    [Fact]
    public async Task The_log_tells_the_session_line_by_line_without_secrets_or_controls()
    {
        await using var listener = await KestrelListener.StartAsync();
        await using (var dialog = await RawSmtpDialog.GreetAsync(listener.Port))
        {
            await dialog.CommandAsync("AUTH PLAIN c2VjcmV0");
            await dialog.CommandAsync("c2VjcmV0");
            await dialog.CommandAsync("MAIL FROM:<a\u001bb@example.com>");
            await dialog.CommandAsync("MAIL FROM:<a\u001bb");
            await dialog.SendAsync("alice@example.com", ["bob@example.net"], Message);
            await dialog.CommandAsync("QUIT");
        }

        await Eventually.TrueAsync(() => listener.Log.Lines.Any(line => line.EndsWith("ended: the client said QUIT", StringComparison.Ordinal)));
        var session = listener.Messages.ShouldHaveSingleItem().Session.SessionId;
        listener.Log.Lines.ShouldAllBe(line => line.Split(' ')[1] == session && !line.Contains("c2VjcmV0", StringComparison.Ordinal) && !line.Any(char.IsControl));
        listener.Log.Lines.ShouldContain($"Debug {session} RCPT TO:<bob@example.net> answered 250 2.1.5 recipient ok");
        listener.Log.Lines.ShouldContain(line => line.StartsWith("Information", StringComparison.Ordinal) && line.Contains("refused 502 5.5.1", StringComparison.Ordinal));
        listener.Log.Lines.ShouldContain(line => line.Contains($"message from <alice@example.com> to 1 recipients, {Message.Length} octets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_information_level_only_what_was_refused_is_logged()
    {
        await using var listener = await KestrelListener.StartAsync(level: LogLevel.Information);
        await using var dialog = await RawSmtpDialog.GreetAsync(listener.Port);
        await dialog.SendAsync("alice@example.com", ["bob@example.net"], Message);

        await dialog.CommandAsync("RCPT TO:<bob@example.net>");

        listener.Log.Lines.ShouldHaveSingleItem().ShouldMatch(@"^Information \S+ 127\.0\.0\.1:\d+ RCPT TO:<bob@example\.net> refused 503 5\.5\.1 ");
    }
}
