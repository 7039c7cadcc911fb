using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class TlsTests
{
    private static readonly string[] Offering = ["PIPELINING", "SIZE 1000", "STARTTLS"];

    public static TheoryData<ClientTlsMode> Modes => [ClientTlsMode.WhenOffered, ClientTlsMode.Required];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task An_offered_starttls_is_taken_and_the_plain_offers_forgotten(ClientTlsMode mode)
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.ExtensionsUnderTls = ["8BITMIME", "STARTTLS"];

        await using var session = await OpenSession.WithAsync(nextHop, tls: mode == ClientTlsMode.Required ? SomeTls.Required : SomeTls.WhenOffered);
        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        nextHop.Commands.Take(5).ShouldBe(
            ["EHLO gateway.example.com", "STARTTLS", "(TLS)", "EHLO gateway.example.com", "MAIL FROM:<alice@example.com>"]);
        session.Extensions.ShouldBe(new ServerExtensions { EightBitMime = true, StartTls = true });
        session.Tls!.Protocol.ToString().ShouldBe("Tls13");
        session.Tls.CipherSuite.ShouldStartWith("TLS_");
        session.Tls.PeerCertificate!.Subject.ShouldBe("CN=mx.example.net");
    }

    [Fact]
    public async Task Implicit_tls_shakes_hands_before_the_greeting()
    {
        await using var nextHop = Offer(SomeTls.Server(isImplicit: true));
        nextHop.Extensions = ["PIPELINING"];

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, SomeMail.Content, SomeTls.Implicit);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        nextHop.Commands.Take(2).ShouldBe(["(TLS)", "EHLO gateway.example.com"]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(3_000_000)]
    public async Task Content_of_any_size_arrives_byte_for_byte_under_tls(int bytes)
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Extensions = ["PIPELINING", "STARTTLS"];
        var content = SomeMail.ContentOf(bytes);

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope, content, SomeTls.Required);

        nextHop.Messages.Single().Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task Required_tls_that_is_not_offered_sends_no_byte_of_mail()
    {
        await using var nextHop = ScriptedNextHop.Start();

        var opening = await OpenSession.TryAsync(nextHop, tls: SomeTls.Required);

        ShouldBeDelayed(opening, "4.7.4", "The next hop does not offer STARTTLS, and TLS is required.");
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "QUIT"]);
    }

    [Fact]
    public async Task Required_tls_is_not_given_up_for_a_server_that_knows_only_helo()
    {
        await using var nextHop = ScriptedNextHop.Start("EHLO", ScriptedReply.Say("502 What"));

        var opening = await OpenSession.TryAsync(nextHop, tls: SomeTls.Required);

        ShouldBeDelayed(opening, "4.7.4", "The next hop does not offer STARTTLS, and TLS is required.");
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "HELO gateway.example.com", "QUIT"]);
    }

    [Theory]
    [InlineData("454 4.7.0 TLS not available")]
    [InlineData("502 5.5.1 Unknown")]
    [InlineData("250 2.0.0 Ok")]
    public async Task Required_tls_that_is_refused_sends_no_byte_of_mail(string reply)
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb == "STARTTLS" ? ScriptedReply.Say(reply) : null;

        var opening = await OpenSession.TryAsync(nextHop, tls: SomeTls.Required);

        ShouldBeDelayed(opening, "4.7.4", $"The next hop refused STARTTLS, and TLS is required: {reply}");
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "STARTTLS", "QUIT"]);
    }

    [Fact]
    public async Task Welcome_tls_that_is_refused_goes_on_in_plain_over_the_same_connection()
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb == "STARTTLS" ? ScriptedReply.Say("454 4.7.0 TLS not available") : null;

        await using var session = await OpenSession.WithAsync(nextHop, tls: SomeTls.WhenOffered);
        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        session.Tls.ShouldBeNull();
        nextHop.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_leaves_at_starttls_is_not_talked_to_in_plain()
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb == "STARTTLS" ? ScriptedReply.SayAndDrop("421 4.3.2 Going down") : null;

        var opening = await OpenSession.TryAsync(nextHop, tls: SomeTls.WhenOffered);

        ShouldBeDelayed(opening, "4.3.2", "421 4.3.2 Going down");
    }

    [Theory]
    [InlineData("wrong.example.net", false)]
    [InlineData("mx.example.net", true)]
    public async Task A_certificate_that_is_not_trusted_ends_the_session_with_the_reason(string name, bool isExpired)
    {
        var notAfter = isExpired ? TestPki.NotBefore.AddYears(1) : TestPki.NotAfter;
        await using var nextHop = Offer(SomeTls.Server(name: name, notAfter: notAfter));
        await using var atOnce = Offer(SomeTls.Server(isImplicit: true, name: name, notAfter: notAfter));

        var opening = await OpenSession.TryAsync(nextHop, tls: SomeTls.Required);
        var implicitly = await OpenSession.TryAsync(atOnce, tls: SomeTls.Implicit);

        ShouldBeDelayed(opening, "4.7.5", $"The TLS handshake failed: {SomeTls.Untrusted}");
        ShouldBeDelayed(implicitly, "4.7.5", $"The TLS handshake failed: {SomeTls.Untrusted}");
        nextHop.Commands.Where(command => command != "(TLS)").ShouldBe(["EHLO gateway.example.com", "STARTTLS"]);
        atOnce.Commands.Where(command => command != "(TLS)").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("garbage\r\n")]
    [InlineData("250 2.0.0 Ok\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("")]
    public async Task Whatever_stands_in_place_of_a_handshake_the_caller_learns_whether_plain_may_be_tried(string instead)
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb == "HANDSHAKE" ? ScriptedReply.SendAndDrop(System.Text.Encoding.Latin1.GetBytes(instead)) : null;

        var required = await OpenSession.TryAsync(nextHop, tls: SomeTls.Required);
        var welcome = await OpenSession.TryAsync(nextHop, tls: SomeTls.WhenOffered);

        required.Trouble!.Status.ToString().ShouldBe("4.7.5");
        required.Trouble.Diagnostic.ShouldStartWith("The TLS handshake failed: ");
        required.MayTryWithoutTls.ShouldBeFalse();
        welcome.Trouble!.Action.ShouldBe(DeliveryAction.Delayed);
        welcome.MayTryWithoutTls.ShouldBeTrue();
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "STARTTLS", "EHLO gateway.example.com", "STARTTLS"]);
    }

    [Fact]
    public async Task A_server_that_wants_a_certificate_after_the_handshake_leaves_the_trial_open()
    {
        await using var nextHop = Offer(new NextHopTls(TestPki.ForHost("mx.example.net")) { RequiresClientCertificate = true });

        var required = await OpenSession.TryAsync(nextHop, tls: SomeTls.Required);
        var welcome = await OpenSession.TryAsync(nextHop, tls: SomeTls.WhenOffered);

        required.IsOpen.ShouldBeFalse();
        required.MayTryWithoutTls.ShouldBeFalse();
        welcome.MayTryWithoutTls.ShouldBeTrue();
        nextHop.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Replies_slipped_in_behind_the_consent_to_starttls_end_the_session(ClientTlsMode mode)
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb == "STARTTLS" ? ScriptedReply.Say("220 2.0.0 Go ahead", "250-injected.example", "250 AUTH PLAIN") : null;

        var opening = await OpenSession.TryAsync(nextHop, tls: mode == ClientTlsMode.Required ? SomeTls.Required : SomeTls.WhenOffered);

        ShouldBeDelayed(opening, "4.5.0", "The server broke the protocol: a reply came that no command asked for.");
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "STARTTLS"]);
    }

    [Theory]
    [InlineData("STARTTLS", 5)]
    [InlineData("HANDSHAKE", 1)]
    [InlineData("AUTH", 5)]
    public async Task A_silent_server_is_left(string command, int minutes)
    {
        var time = new ManualTimeProvider();
        var began = time.GetUtcNow();
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.ExtensionsUnderTls = ["AUTH PLAIN"];
        nextHop.Script = (verb, _) => verb == command ? ScriptedReply.Hang : null;

        var opening = OpenSession.TryAsync(nextHop, time, SomeTls.Required, new ClientCredentials(ClientMechanism.Plain, "gateway", () => "secret", null));
        await Eventually.TrueAsync(() => nextHop.HasReached(command));
        await time.AdvanceUntilAsync(opening, TimeSpan.FromSeconds(20));

        ShouldBeDelayed(await opening, "4.4.2", "Time ran out while waiting for the server.");
        (time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(minutes));
    }

    [Fact]
    public async Task Cancelling_breaks_off_a_handshake_and_a_transaction_under_tls()
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb is "HANDSHAKE" ? ScriptedReply.Hang : null;
        using var cancel = new CancellationTokenSource();
        var opening = OpenSession.TryAsync(nextHop, tls: SomeTls.Required, cancellationToken: cancel.Token);
        await Eventually.TrueAsync(() => nextHop.Commands.Contains("STARTTLS"));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Eventually.EndsAsync(opening));

        nextHop.Script = (verb, _) => verb is "DOT" ? ScriptedReply.Hang : null;
        await using var session = await OpenSession.WithAsync(nextHop, tls: SomeTls.Required);
        using var again = new CancellationTokenSource();
        var sending = session.SendAsync(SomeMail.Envelope, SomeMail.Content, again.Token).AsTask();
        await Eventually.TrueAsync(() => !nextHop.Messages.IsEmpty);
        await again.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Eventually.EndsAsync(sending));

        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_vanishes_under_tls_delays()
    {
        await using var nextHop = Offer(SomeTls.Server());
        nextHop.Script = (verb, _) => verb == "DOT" ? ScriptedReply.Drop : null;

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, SomeMail.Content, SomeTls.Required);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients.Single().Diagnostic.ShouldEndWith("The content was sent completely, so it may have arrived.");
    }

    private static ScriptedNextHop Offer(NextHopTls tls)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = Offering;
        nextHop.Tls = tls;
        return nextHop;
    }

    private static void ShouldBeDelayed(SessionOpening opening, string status, string diagnostic)
    {
        opening.IsOpen.ShouldBeFalse();
        opening.Trouble.ShouldBe(new DeliveryStatus(DeliveryAction.Delayed, opening.Trouble!.Status, diagnostic, "mx.example.net"));
        opening.Trouble.Status.ToString().ShouldBe(status);
        opening.MayTryWithoutTls.ShouldBeFalse();
    }
}
