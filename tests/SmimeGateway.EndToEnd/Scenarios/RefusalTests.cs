using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What the real listener refuses, byte by byte.</summary>
public sealed class RefusalTests(RefusalTests.Gateway shared) : IClassFixture<RefusalTests.Gateway>
{
    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\r")]
    [InlineData("\r\n.\n")]
    [InlineData("\r.\r\n")]
    [InlineData("\r\n\0.\r\n")]
    public async Task A_smuggled_end_of_data_is_refused_and_never_splits_a_message(string smuggle)
    {
        await using var dialog = await shared.Process.DialogAsync();
        await dialog.CommandAsync("MAIL FROM:<alice@example.com>");
        await dialog.CommandAsync("RCPT TO:<bob@example.net>");
        (await dialog.CommandAsync("DATA")).Code.ShouldBe(354);
        var payload = $"From: alice@example.com\r\nSubject: outer\r\n\r\ntext{smuggle}MAIL FROM:<alice@example.com>\r\nRCPT TO:<smuggled@example.net>\r\nDATA\r\n"
            + "From: alice@example.com\r\nSubject: smuggled\r\n\r\ninner\r\n.\r\n";

        await dialog.WriteAsync(Encoding.Latin1.GetBytes(payload));

        var reply = await dialog.ReadAsync();
        reply.Code.ShouldBe(554, reply.Text);
        reply.Text.ShouldContain("5.6.11");
        (await dialog.CommandAsync("NOOP")).Code.ShouldBe(250);
        shared.Process.Home.OutboxMessages().ShouldNotContain(message => Encoding.Latin1.GetString(message).Contains("smuggled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_is_too_big_is_refused_when_announced_and_when_seen()
    {
        await using var dialog = await shared.Process.DialogAsync();

        var announced = await dialog.CommandAsync("MAIL FROM:<alice@example.com> SIZE=2000000");
        var seen = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com", body: string.Concat(Enumerable.Repeat("a line of text\n", 100_000))));

        announced.Text.ShouldStartWith("552 5.3.4");
        seen.Text.ShouldStartWith("552 5.3.4");
    }

    [Fact]
    public async Task A_message_that_goes_in_circles_is_refused()
    {
        var trace = string.Concat(Enumerable.Repeat("Received: from a by b; Fri, 20 Nov 2026 12:00:00 +0000\n", 101));
        var message = Lines.Crlf(trace + "From: alice@example.com\nSubject: loop\n\ntext\n");

        var reply = await shared.Process.SendAsync("alice@example.com", "bob@example.net", message);

        reply.Text.ShouldStartWith("554 5.4.6");
    }

    [Theory]
    [InlineData("MAIL FROM:<alice@example.com> FLAVOUR=sour", 555)]
    [InlineData("MAIL FROM:alice@example.com>", 501)]
    [InlineData("MAIL FROM:<alice@@example.com>", 501)]
    [InlineData("RCPT TO:<bob@example.net>", 503)]
    [InlineData("DATA", 503)]
    [InlineData("FROBNICATE", 500)]
    public async Task A_wrong_command_hears_its_code_and_the_session_goes_on(string command, int code)
    {
        await using var dialog = await shared.Process.DialogAsync();

        var reply = await dialog.CommandAsync(command);

        reply.Code.ShouldBe(code, reply.Text);
        (await dialog.CommandAsync("NOOP")).Code.ShouldBe(250);
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_of_DATA_leaves_nothing()
    {
        var before = shared.Process.Home.OutboxMessages().Count;
        for (var number = 0; number < 20; number++)
        {
            await using var dialog = await shared.Process.DialogAsync();
            await dialog.CommandAsync("MAIL FROM:<alice@example.com>");
            await dialog.CommandAsync("RCPT TO:<bob@example.net>");
            await dialog.CommandAsync("DATA");
            await dialog.WriteAsync("From: alice@example.com\r\n\r\nhalf a mess"u8.ToArray());
        }

        (await shared.Process.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com", subject: "whole"))).Code.ShouldBe(250);

        await Eventually.TrueAsync(() => shared.Process.Home.OutboxMessages().Count > before);
        shared.Process.Home.OutboxMessages().ShouldNotContain(message => Encoding.Latin1.GetString(message).Contains("half a mess", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_that_no_rule_signs_is_kept_byte_for_byte_below_its_trace_fields()
    {
        var message = Lines.Crlf("FROM:  alice@example.com \nsubject:x\n\n From \n.dot \n\ttab\t\n\n\n");

        (await shared.Process.SendAsync("alice@example.com", "exact@example.net", message)).Code.ShouldBe(250);

        await Eventually.TrueAsync(() => shared.Process.Home.OutboxMessages().Any(taken => taken.AsSpan().EndsWith(message)));
        var relayed = shared.Process.Home.OutboxMessages().First(taken => taken.AsSpan().EndsWith(message));
        var added = Encoding.ASCII.GetString(relayed.AsSpan(0, relayed.Length - message.Length)).Replace("\r\n\t", " ", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal);
        added.ShouldMatch("^Return-Path: <alice@example.com>\r\nReceived: [^\r\n]*\r\n$");
    }

    /// <summary>A gateway that passes everything on and takes at most 1 MB.</summary>
    public sealed class Gateway : IAsyncLifetime, IDisposable
    {
        private readonly GatewayHome _home = new();

        public GatewayProcess Process { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _home.Configure(Members.Join(Members.Senders, Members.Outbox, "\"rules\": []"), "\"messageSize\": \"1MB\"");
            Process = await GatewayProcess.StartAsync(_home);
        }

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            Dispose();
        }

        public void Dispose() => _home.Dispose();
    }
}
