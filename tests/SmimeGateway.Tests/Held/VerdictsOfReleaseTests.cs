using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>A held message for several people, prepared anew by rules that mean something else for each of them.</summary>
public sealed class VerdictsOfReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public VerdictsOfReleaseTests()
    {
        Directory.CreateDirectory(_folder["partners"]);
        File.WriteAllText(_folder["partners/bob.pem"], TestPki.MakeCertificatePem(TestPki.Issue("bob@example.net")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_recipient_has_the_verdict_of_its_own_rule()
    {
        var results = await ReleaseAsync("alice@example.com", "bob@example.net", "carl@gone.example", "dora@example.net", "eve@plain.example", "fay@unsigned.example");

        results.Results.Select(result => (result.Recipient.Path.Address, result.IsReleased, result.Status.Action, result.Status.Status.ToString())).ShouldBe(
        [
            ("bob@example.net", true, DeliveryAction.Delivered, "2.0.0"),
            ("carl@gone.example", false, DeliveryAction.Failed, "5.7.1"),
            ("dora@example.net", false, DeliveryAction.Delayed, "4.7.5"),
            ("eve@plain.example", false, DeliveryAction.Delayed, "4.7.5"),
            ("fay@unsigned.example", false, DeliveryAction.Failed, "5.7.5"),
        ]);
        results.Successors.ShouldHaveSingleItem().Message.Envelope.Recipients.ShouldHaveSingleItem().Path.Address.ShouldBe("bob@example.net");
        results.Results[1].Status.Diagnostic.ShouldContain("carl@gone.example");
        results.Results[1].Status.Diagnostic.ShouldNotContain("bob@example.net");
    }

    [Fact]
    public async Task What_speaks_against_the_author_speaks_against_all()
    {
        var results = await ReleaseAsync("mallory@elsewhere.example", "bob@example.net", "carl@gone.example");

        results.Results.ShouldAllBe(result => result.Status.Action == DeliveryAction.Failed);
        results.Successors.ShouldBeEmpty();
    }

    private async Task<ReleaseResult> ReleaseAsync(string sender, params string[] recipients)
    {
        TestPki.WriteP12(_folder["office.pfx"], "secret", TestPki.Issue("somebody@example.com"));
        File.WriteAllText(_folder["password"], "secret");
        var encrypt = new EncryptOptions { To = ["partners"] };
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            DataFolder = _folder["var"],
            Senders = [new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("192.0.2.0/24")] }],
            Certificates = new CertificateOptions
            {
                Own = [new() { Name = "office", Pkcs12 = _folder["office.pfx"], Password = new SecretOptions { File = _folder["password"] } }],
                Partners = [new PartnerCertificateOptions { Name = "partners", Folder = _folder["partners"], Accept = PartnerAcceptance.All }],
            },
            Rules =
            [
                new RuleOptions { Name = "confidential", When = new RuleConditions { Recipient = ["*@example.net"] }, Encrypt = encrypt },
                new RuleOptions { Name = "plain", When = new RuleConditions { Recipient = ["*@plain.example"] }, Pass = true },
                new RuleOptions
                {
                    Name = "signed", When = new RuleConditions { Recipient = ["*@unsigned.example"] }, Encrypt = encrypt,
                    Sign = new SignOptions { With = ["office"], WhenMissing = WhenCertificateMissing.Reject },
                },
            ],
            Otherwise = WhenNoRuleMatches.Reject,
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
        };
        await using var sources = OwnSources.Open(options.Certificates.Own, previous: null, _time);
        await using var partners = PartnerSources.Open(options.Certificates, sources, options.DataFolder, previous: null, _time);
        await using var routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        var counters = new GatewayCounters(_time);
        var configuration = RunningConfiguration.Build(options, Listeners.None, sources, partners, routes, counters, _time, NullLoggerFactory.Instance);
        var preparation = new Preparation(new Protector(_time), _time, NullLogger.Instance);
        using var held = new SomeHeld();
        using var release = new HeldRelease(
            () => held.Key,
            (message, cancellationToken) => preparation.PrepareAsync(
                message with { Envelope = message.Envelope with { ReversePath = Path(sender) }, Content = Mail(sender) }, configuration, PreparationKind.Held, cancellationToken),
            _time,
            NullLogger<HeldRelease>.Instance);
        return await release.TryAsync(held.Queued(recipients), CancellationToken.None);
    }

    private static byte[] Mail(string sender) => System.Text.Encoding.ASCII.GetBytes($"From: {sender}\r\nTo: somebody@example.net\r\nSubject: hello\r\n\r\nThe secret.\r\n");

    private static MailPath Path(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;
}
