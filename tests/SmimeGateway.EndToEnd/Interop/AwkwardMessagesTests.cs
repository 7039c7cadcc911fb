using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>Awkward messages are signed, relayed once more through a real Postfix, and then judged.</summary>
public sealed class AwkwardMessagesTests(Judges judges, AwkwardMessagesTests.Relays relays) : IClassFixture<Judges>, IClassFixture<AwkwardMessagesTests.Relays>
{
    public static TheoryData<string> Names => [.. AwkwardMessages.All.Select(message => message.Name)];

    [PostfixTheory]
    [MemberData(nameof(Names))]
    public async Task It_is_signed_kept_or_refused_and_verifies_behind_postfix(string name)
    {
        var message = AwkwardMessages.All.Single(candidate => candidate.Name == name);
        var to = $"{Guid.NewGuid():N}@example.net";
        await using var dialog = await relays.Gateway.DialogAsync();

        var reply = await dialog.SendAsync("alice@example.com", [to], message.Content, message.Parameters);

        if (message.Expected == AwkwardOutcome.Refused)
        {
            reply.Code.ShouldBe(554, reply.Text);
            reply.Text.ShouldContain("5.6.11");
            return;
        }

        reply.Code.ShouldBe(250, reply.Text + "\n" + relays.Gateway.Log[^Math.Min(4000, relays.Gateway.Log.Length)..]);
        var received = await relays.ReceiveAsync(to);
        if (message.Expected == AwkwardOutcome.KeptAsItIs)
        {
            received.AsSpan().EndsWith(message.Content).ShouldBeTrue("the protected message was changed");
            return;
        }

        var openSsl = await judges.OpenSsl.JudgeAsync(received);
        openSsl.IsGoodFor("alice@example.com").ShouldBeTrue(openSsl.Text);
        var gpgsm = await judges.Gpgsm.JudgeAsync(received);
        gpgsm.IsGoodFor("alice@example.com").ShouldBeTrue(gpgsm.Text);
        var nss = await judges.Cmsutil.JudgeAsync(received);
        nss.IsGood.ShouldBeTrue(nss.Text);
    }

    /// <summary>Gateway, Postfix, next hop, in a row.</summary>
    public sealed class Relays : IAsyncLifetime, IDisposable
    {
        private readonly GatewayHome _home = new();
        private readonly CollectingNextHop _nextHop = new();
        private PostfixInstance? _postfix;

        public GatewayProcess Gateway { get; private set; } = null!;

        public async Task<byte[]> ReceiveAsync(string to)
        {
            await Eventually.TrueAsync(() => _nextHop.Messages.Any(message => message.Recipients.Contains(to)), TimeSpan.FromSeconds(60));
            return _nextHop.Messages.First(message => message.Recipients.Contains(to)).Content;
        }

        public async Task InitializeAsync()
        {
            if (PostfixInstance.Obstacle is null)
            {
                _postfix = await PostfixInstance.StartAsync(_nextHop.Port);
                _home.Configure(Members.Join(
                    Members.Senders, Members.Office(_home, TestPki.Issue("alice@example.com")), Members.Relay(_postfix.Port), Members.SignAll(", \"whenMissing\": \"reject\"")));
                Gateway = await GatewayProcess.StartAsync(_home);
            }
        }

        public async Task DisposeAsync()
        {
            await (Gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_postfix?.DisposeAsync() ?? ValueTask.CompletedTask);
            await _nextHop.DisposeAsync();
            Dispose();
        }

        public void Dispose() => _home.Dispose();
    }
}
