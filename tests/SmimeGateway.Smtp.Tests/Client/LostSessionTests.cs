using System.Text;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class LostSessionTests
{
    private static readonly string[] Garbage =
    [
        "\0\0\0\0\r\n", "HTTP/1.1 400 Bad Request\r\n", "250-a\r\n550 b\r\n", "999 what\r\n", "\r\n", "220", "\u00ff\u00fe\r\n", "354 early\r\n250 extra\r\n",
        "354 more\r\n354 more\r\n354 more\r\n354 more\r\n354 more\r\n",
    ];

    public static TheoryData<string, string> GarbageEverywhere => AtEach(Garbage, "MAIL", "RCPT", "DATA", "DOT");

    public static TheoryData<string, string> GarbageBeforeMail =>
        AtEach([.. Garbage, "235 ok\r\n250 more\r\n", "334-a\r\n334-b\r\n", "354 go\r\n"], "GREETING", "EHLO", "STARTTLS", "HANDSHAKE", "AUTH", "RESPONSE");

    [Theory]
    [MemberData(nameof(GarbageEverywhere))]
    public async Task Garbage_at_any_reply_ends_the_session_and_keeps_the_message(string command, string garbage)
    {
        await using var nextHop = ScriptedNextHop.Start(command, ScriptedReply.SendAndDrop(Encoding.Latin1.GetBytes(garbage)));
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await Eventually.EndsAsync(session.SendAsync(SomeMail.Envelope, SomeMail.Content, default).AsTask());

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients.Single().Diagnostic.ShouldNotBeNullOrWhiteSpace();
        session.IsReusable.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(GarbageBeforeMail))]
    public async Task Garbage_before_the_first_transaction_ends_the_session_without_a_byte_of_mail(string command, string garbage)
    {
        await using var nextHop = ScriptedNextHop.Start(command, ScriptedReply.SendAndDrop(Encoding.Latin1.GetBytes(garbage)));
        nextHop.Tls = SomeTls.Server();
        nextHop.Extensions = ["STARTTLS"];
        nextHop.ExtensionsUnderTls = ["AUTH PLAIN"];
        if (command == "RESPONSE")
        {
            nextHop.Script = (verb, _) => verb switch
            {
                "AUTH" => ScriptedReply.Say("334 "),
                "RESPONSE" => ScriptedReply.SendAndDrop(Encoding.Latin1.GetBytes(garbage)),
                _ => null,
            };
        }

        var credentials = new ClientCredentials(ClientMechanism.Plain, "gateway", () => new string('p', 600), null);
        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, credentials);

        opening.Trouble!.Action.ShouldBe(DeliveryAction.Delayed);
        opening.Trouble.Diagnostic.ShouldNotBeNullOrWhiteSpace();
        nextHop.Commands.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MAIL", true)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData("DOT", false)]
    public async Task A_connection_dropped_at_any_step_delays(string command, bool isUntouched)
    {
        await using var nextHop = ScriptedNextHop.Start(command, ScriptedReply.Drop);
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await Eventually.EndsAsync(session.SendAsync(SomeMail.Envelope, SomeMail.Content, default).AsTask());

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients.Single().Status.ShouldBe(new EnhancedStatus(4, 4, 2));
        outcome.IsUntouched.ShouldBe(isUntouched);
        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_lost_reply_to_the_dot_says_that_the_message_may_have_arrived()
    {
        await using var nextHop = ScriptedNextHop.Start("DOT", ScriptedReply.Drop);

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, SomeMail.Content);

        outcome.Recipients.Single().Diagnostic.ShouldBe("The server closed the connection. The content was sent completely, so it may have arrived.");
    }

    [Theory]
    [InlineData("GREETING")]
    [InlineData("EHLO")]
    [InlineData("STARTTLS")]
    [InlineData("AUTH")]
    [InlineData("MAIL")]
    [InlineData("DOT")]
    public async Task A_reply_line_of_ten_megabytes_is_cut_off_early(string command)
    {
        var flood = new byte[10 * 1024 * 1024];
        flood.AsSpan().Fill((byte)'2');
        await using var nextHop = ScriptedNextHop.Start(command, ScriptedReply.Send(flood));
        nextHop.Tls = SomeTls.Server();
        nextHop.Extensions = ["STARTTLS", "AUTH PLAIN"];

        var opening = await OpenSession.TryAsync(
            nextHop, null, SomeTls.Required, new ClientCredentials(ClientMechanism.Plain, "gateway", () => "secret", null));
        var diagnostic = opening.IsOpen
            ? (await Eventually.EndsAsync(opening.Session.SendAsync(SomeMail.Envelope, SomeMail.Content, default).AsTask())).Recipients.Single().Diagnostic
            : opening.Trouble.Diagnostic;

        diagnostic.ShouldStartWith("The server broke the protocol: a reply line is too long.");
    }

    [Fact]
    public async Task A_reply_of_endless_lines_is_cut_off()
    {
        await using var nextHop = ScriptedNextHop.Start("MAIL", ScriptedReply.Say([.. Enumerable.Repeat("250-and", 100_000)]));

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, SomeMail.Content);

        outcome.Recipients.Single().Diagnostic.ShouldBe("The server broke the protocol: a reply has too many lines.");
    }

    [Fact]
    public async Task A_250_sent_ahead_is_never_taken_for_the_answer_to_the_content()
    {
        await using var nextHop = ScriptedNextHop.Start("DATA", ScriptedReply.Send("354 go on\r\n250 2.0.0 Ok\r\n"u8.ToArray()));
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        nextHop.Messages.ShouldBeEmpty();
        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_greeting_ends_the_session_before_it_began()
    {
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.Say("220 one", "220 two"));

        var opening = await OpenSession.TryAsync(nextHop);

        opening.Trouble!.Diagnostic.ShouldBe("The server broke the protocol: a reply came that no command asked for.");
    }

    [Fact]
    public async Task What_a_server_said_before_it_hung_up_in_the_middle_of_the_content_is_believed()
    {
        await using var nextHop = ScriptedNextHop.Start("DATA", ScriptedReply.SayAndDrop("354 go on"));
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await Eventually.EndsAsync(session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(20_000_000), default).AsTask());

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients.Single().Diagnostic.ShouldNotContain("sent completely");
        session.IsReusable.ShouldBeFalse();
    }

    private static TheoryData<string, string> AtEach(string[] garbage, params string[] commands)
    {
        var data = new TheoryData<string, string>();
        foreach (var command in commands)
        {
            foreach (var text in garbage)
            {
                data.Add(command, text);
            }
        }

        return data;
    }
}
