using System.Net.Sockets;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

/// <summary>The next hop that other tests rely on does what it says it does.</summary>
public sealed class CollectingNextHopTests
{
    [Theory]
    [InlineData(ClientMechanism.Plain, false)]
    [InlineData(ClientMechanism.Login, true)]
    [InlineData(ClientMechanism.XOAuth2, false)]
    public async Task It_encrypts_logs_in_and_takes_chunks_and_dsn(ClientMechanism mechanism, bool isImplicit)
    {
        await using var hop = new CollectingNextHop { Tls = SomeTls.Server(isImplicit), ReplyToLogin = _ => "235 2.7.0 in" };
        hop.Extensions = [.. hop.Extensions, "CHUNKING", "DSN"];
        var credentials = new ClientCredentials(mechanism, "gateway", () => "secret", (_, _) => ValueTask.FromResult("secret"));

        await using var session = (await OpenAsync(hop, isImplicit ? SomeTls.Implicit : SomeTls.Required, credentials)).Session!;
        var envelope = SomeMail.Envelope with { EnvelopeId = "abc" };
        var content = SomeMail.ContentOf(1_500_000);
        var outcome = await session.SendAsync(envelope, content, default);

        outcome.Recipients.Single().IsReportedByNextHop.ShouldBeTrue();
        var message = hop.Messages.Single();
        message.Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
        (message.WasChunked, message.WasEncrypted, message.User).ShouldBe((true, true, "gateway"));
        message.MailCommand.ShouldEndWith(" ENVID=abc");
        hop.Logins.Single().Secret.ShouldBe("secret");
    }

    [Fact]
    public async Task It_refuses_tokens_mail_in_plain_and_mail_from_strangers()
    {
        await using var hop = new CollectingNextHop { Tls = SomeTls.Server(), ReplyToLogin = _ => "535 5.7.3 no" };

        var refused = await OpenAsync(hop, SomeTls.Required, new ClientCredentials(ClientMechanism.Auto, "gateway", null, (_, _) => ValueTask.FromResult("t")));
        await using var stranger = (await OpenAsync(hop, SomeTls.Required, null)).Session!;
        await using var plain = (await OpenAsync(hop, null, null)).Session!;

        refused.Trouble!.Diagnostic.ShouldBe("Logging in to the next hop by XOAUTH2 failed: 535 5.7.3 no");
        hop.Logins.Count.ShouldBe(2);
        (await stranger.SendAsync(SomeMail.Envelope, SomeMail.Content, default)).Recipients.Single().Diagnostic.ShouldContain("Authentication required");
        (await plain.SendAsync(SomeMail.Envelope, SomeMail.Content, default)).Recipients.Single().Diagnostic.ShouldContain("STARTTLS");
        hop.Messages.ShouldBeEmpty();
    }

    private static async Task<SessionOpening> OpenAsync(CollectingNextHop hop, ClientTls? tls, ClientCredentials? credentials)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", hop.Port);
        var options = new SmtpClientOptions("gateway.example.com") { Tls = tls, Credentials = credentials };
        return await Eventually.EndsAsync(
            SmtpClientSession.OpenAsync(new NetworkStream(socket, ownsSocket: true), "mx.example.net", options, TimeProvider.System, default));
    }
}
