using System.Security.Cryptography.X509Certificates;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>A PKCS #12 file with certificates of three senders, a rule for a whole domain, and who may use which From.</summary>
public sealed class SenderTests(Judges judges, SenderTests.Gateway shared) : IClassFixture<Judges>, IClassFixture<SenderTests.Gateway>
{
    [Theory]
    [InlineData("alice@example.com", KeyKind.Rsa2048)]
    [InlineData("bert@example.com", KeyKind.EcP256)]
    [InlineData("carol@example.com", KeyKind.Rsa3072)]
    public async Task Each_sender_signs_with_the_own_certificate(string sender, KeyKind kind)
    {
        var message = await shared.DeliverAsync(sender, $"{kind}@example.net");

        var verdict = await judges.OpenSsl.JudgeAsync(message.Content);
        verdict.IsGood.ShouldBeTrue(verdict.Text);
        verdict.SignerAddresses.ShouldContain(sender, verdict.Text);
    }

    [Fact]
    public async Task A_sender_without_certificate_goes_out_unsigned_and_the_log_says_why()
    {
        var message = await shared.DeliverAsync("dora@example.com", "unsigned@example.net");

        message.Field("Content-Type").ShouldBeNull();
        message.Content.AsSpan().EndsWith("this is a message.\r\n"u8).ShouldBeTrue();
        await shared.Process.LogsAsync("dora@example.com");
        shared.Process.Log.Split('\n').ShouldContain(line => line.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            && line.Contains("dora@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_rule_says_reject_a_sender_without_certificate_hears_550_and_the_recipient()
    {
        var reply = await shared.Process.SendAsync("dora@example.com", "strict@reject.example", Lines.Message("dora@example.com"));

        reply.Code.ShouldBe(550, reply.Text);
        reply.Text.ShouldContain("5.7.5");
        reply.Text.ShouldContain("strict@reject.example");
    }

    [Fact]
    public async Task An_uncovered_From_is_refused()
    {
        var reply = await shared.Process.SendAsync("mallory@evil.example", "bob@example.net", Lines.Message("mallory@evil.example"));

        reply.Code.ShouldBe(550, reply.Text);
        reply.Text.ShouldContain("5.7.1");
    }

    [Fact]
    public async Task A_covered_MAIL_FROM_does_not_cover_another_From_in_the_header()
    {
        var reply = await shared.Process.SendAsync("alice@example.com", "bob@example.net", Lines.Message("chief@evil.example"));

        reply.Code.ShouldBe(550, reply.Text);
        reply.Text.ShouldContain("5.7.1");
    }

    [Fact]
    public async Task Two_From_addresses_never_get_a_signature()
    {
        var reply = await shared.Process.SendAsync(
            "alice@example.com", "strict@reject.example", Lines.Message("alice@example.com, bert@example.com"));

        reply.Code.ShouldBeInRange(500, 599, reply.Text);
    }

    /// <summary>The gateway that all tests of the class share.</summary>
    public sealed class Gateway : IAsyncLifetime, IDisposable
    {
        private readonly GatewayHome _home = new();
        private readonly CollectingNextHop _nextHop = new();

        public GatewayProcess Process { get; private set; } = null!;

        public async Task<CollectedMessage> DeliverAsync(string from, string to)
        {
            var reply = await Process.SendAsync(from, to, Lines.Message(from, to));
            reply.Code.ShouldBe(250, reply.Text + "\n" + Process.Log);
            await Eventually.TrueAsync(() => _nextHop.Messages.Any(message => message.Recipients.Contains(to)));
            return _nextHop.Messages.First(message => message.Recipients.Contains(to));
        }

        public async Task InitializeAsync()
        {
            X509Certificate2[] certificates =
            [
                TestPki.Issue("alice@example.com"), TestPki.Issue("Bert@Example.com", KeyKind.EcP256), TestPki.Issue("carol@example.com", KeyKind.Rsa3072),
            ];
            _home.Configure(Members.Join(Members.Senders, Members.Office(_home, certificates), Members.Relay(_nextHop.Port), """
                "rules": [
                  { "name": "strict", "when": { "sender": "*@example.com", "recipient": "*@reject.example" },
                    "sign": { "with": ["office"], "whenMissing": "reject" } },
                  { "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": ["office"], "whenMissing": "pass" } }
                ]
                """));
            Process = await GatewayProcess.StartAsync(_home);
        }

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            await _nextHop.DisposeAsync();
            Dispose();
        }

        public void Dispose() => _home.Dispose();
    }
}
