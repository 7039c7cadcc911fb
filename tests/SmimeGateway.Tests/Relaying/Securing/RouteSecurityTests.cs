using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Locating;
using SmimeGateway.Relaying;
using SmimeGateway.Relaying.Securing;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Securing;

public sealed class RouteSecurityTests : IDisposable
{
    private const string Host = "127.0.0.1";

    private readonly ManualTimeProvider _time = new();
    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(RouteTls.Required)]
    [InlineData(RouteTls.Implicit)]
    public async Task A_certificate_for_the_host_below_the_routes_own_root_is_trusted(RouteTls tls)
    {
        await using var nextHop = Start(TestPki.ForHost(Host), isImplicit: tls == RouteTls.Implicit);
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, tls) with { Trust = OwnRoot() }, _time);

        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Commands.ShouldContain("(TLS)");
        delivery.Look(["*"]).NextHops.Single().Security.ShouldNotBeNull().ShouldStartWith("Tls1");
    }

    [Theory]
    [InlineData("expired", "valid from 2024-01-01 to 2025-01-01 only")]
    [InlineData("name", "it is for mx.example.net, not for 127.0.0.1")]
    [InlineData("root", "the issuer CN=Test Root is neither trusted nor sent along")]
    [InlineData("self-signed", "it is self-signed, and not trusted")]
    [InlineData("usage", "it is not meant for servers")]
    [InlineData("pin", "which is not pinned")]
    public async Task A_certificate_that_is_not_acceptable_costs_no_byte_of_mail_and_is_explained_in_a_sentence(string flaw, string explanation)
    {
        var certificate = flaw switch
        {
            "expired" => TestPki.ForHost(Host, notAfter: new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            "name" => TestPki.ForHost("mx.example.net"),
            "self-signed" => SelfSigned(),
            "usage" => ForClientsAlone(),
            _ => TestPki.ForHost(Host),
        };
        await using var nextHop = Start(certificate);
        var trust = flaw switch
        {
            "root" => null,
            "pin" => new RouteTrustOptions { Fingerprints = [TestPki.Root.GetCertHashString(HashAlgorithmName.SHA256)] },
            _ => OwnRoot(),
        };
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.Required) with { Trust = trust }, _time);

        var status = await DeliverAsync(delivery, DeliveryAction.Delayed);

        status.Diagnostic.ShouldContain("The certificate of 127.0.0.1 is refused: ");
        status.Diagnostic.ShouldContain(explanation);
        status.Status.Subject.ShouldBe(7);
        nextHop.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
        nextHop.Messages.ShouldBeEmpty();
        delivery.Look(["*"]).NextHops.Single().LastTrouble.ShouldNotBeNull().ShouldContain(explanation);
        delivery.Look(["*"]).NextHops.Single().RestingUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_next_hop_from_whose_offer_starttls_was_taken_away_gets_no_mail()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.Required) with { Trust = OwnRoot() }, _time);

        var status = await DeliverAsync(delivery, DeliveryAction.Delayed);

        status.Diagnostic.ShouldContain("STARTTLS");
        nextHop.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pinned_certificate_needs_neither_name_nor_root_nor_date()
    {
        var certificate = TestPki.ForHost("somebody.else", notAfter: new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var nextHop = Start(certificate);
        var trust = new RouteTrustOptions { Fingerprints = [certificate.GetCertHashString(HashAlgorithmName.SHA256)] };
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.Required) with { Trust = trust }, _time);

        await DeliverAsync(delivery, DeliveryAction.Delivered);
    }

    [Fact]
    public async Task The_name_in_the_certificate_may_be_another_than_the_host()
    {
        await using var nextHop = Start(TestPki.ForHost("mx.example.net"));
        var trust = OwnRoot() with { Name = "mx.example.net" };
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.Required) with { Trust = trust }, _time);

        await DeliverAsync(delivery, DeliveryAction.Delivered);
    }

    [Fact]
    public async Task Where_tls_is_only_welcome_nobody_is_judged()
    {
        await using var nextHop = Start(SelfSigned());
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.WhenOffered), _time);

        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Commands.ShouldContain("(TLS)");
    }

    [Fact]
    public async Task Where_tls_is_only_welcome_a_broken_handshake_is_followed_by_a_plain_connection()
    {
        await using var nextHop = Start(TestPki.ForHost(Host));
        nextHop.Script = (verb, _) => verb == "HANDSHAKE" ? ScriptedReply.Drop : null;
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.WhenOffered), _time);

        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Connections.ShouldBe(2);
        delivery.Look(["*"]).NextHops.Single().Security.ShouldBeNull();
    }

    [Fact]
    public async Task The_gateway_shows_its_certificate_to_a_next_hop_that_asks()
    {
        var own = TestPki.Issue("gateway@example.com", usage: TestUsage.SigningOnly);
        TestPki.WriteP12(_folder.Path + "/client.pfx", "geheim", own);
        _folder.Write("client.password", "geheim\n");
        await using var nextHop = Start(TestPki.ForHost(Host), asksForCertificate: true);
        var certificate = new RouteCertificateOptions
        {
            Pkcs12 = _folder.Path + "/client.pfx",
            Password = new SecretOptions { File = _folder.Path + "/client.password" },
        };
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.Required) with { Trust = OwnRoot(), Certificate = certificate }, _time);

        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Tls!.ClientCertificates.Single().ShouldNotBeNull().Thumbprint.ShouldBe(own.Thumbprint);
    }

    [Fact]
    public async Task Without_its_own_certificate_the_gateway_does_not_even_connect()
    {
        await using var nextHop = Start(TestPki.ForHost(Host));
        var certificate = new RouteCertificateOptions { Pem = new PemOptions { Certificate = _folder.Path + "/missing.pem" } };
        await using var delivery = SomeRoute.Open(SomeRoute.To(nextHop, RouteTls.Required) with { Trust = OwnRoot(), Certificate = certificate }, _time);

        var status = await DeliverAsync(delivery, DeliveryAction.Delayed);

        status.Diagnostic.ShouldContain("missing.pem");
        nextHop.Connections.ShouldBe(0);
    }

    [Fact]
    public void A_root_that_was_replaced_is_noticed_and_one_that_is_missing_for_a_moment_is_kept()
    {
        var path = _folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root));
        var roots = new RootFiles([path], _time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        roots.Read().Single().Thumbprint.ShouldBe(TestPki.Root.Thumbprint);

        File.Delete(path);
        _time.Advance(TimeSpan.FromMinutes(1));
        roots.Read().Single().Thumbprint.ShouldBe(TestPki.Root.Thumbprint);

        _folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Intermediate));
        _time.Advance(TimeSpan.FromMinutes(1));
        roots.Read().Single().Thumbprint.ShouldBe(TestPki.Intermediate.Thumbprint);
    }

    public void Dispose() => _folder.Dispose();

    private static ScriptedNextHop Start(X509Certificate2 certificate, bool isImplicit = false, bool asksForCertificate = false)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Tls = new NextHopTls(certificate) { IsImplicit = isImplicit, RequiresClientCertificate = asksForCertificate };
        nextHop.Extensions = isImplicit ? nextHop.Extensions : [.. nextHop.Extensions, "STARTTLS"];
        return nextHop;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
    }

    private static X509Certificate2 ForClientsAlone()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        return TestPki.IssueWith(
            new X500DistinguishedName("CN=client"),
            KeyKind.Rsa2048,
            names.Build(),
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
    }

    private static async Task<DeliveryStatus> DeliverAsync(SmtpDelivery delivery, DeliveryAction action)
    {
        var status = (await SomeRoute.DeliverAsync(delivery)).Statuses.Single();
        status.Action.ShouldBe(action, status.Diagnostic);
        return status;
    }

    private RouteTrustOptions OwnRoot() => new() { Roots = [_folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root))] };
}
