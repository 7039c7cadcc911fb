using System.Net;
using System.Net.Sockets;
using SmimeGateway.Accepting;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting;

public sealed class ClientPolicyTests
{
    private static readonly ClientPolicy Policy =
        Of(IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("2001:db8::/32"));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.1.255.255", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("2001:db8:1::1", true)]
    [InlineData("10.2.0.0", false)]
    [InlineData("::ffff:10.2.0.0", false)]
    [InlineData("2001:db9::1", false)]
    [InlineData("::1", false)]
    public void A_client_is_served_when_a_network_holds_its_address(string client, bool isServed) =>
        Policy.Admits(IPAddress.Parse(client)).ShouldBe(isServed);

    [Fact]
    public void No_networks_serve_nobody() => Of().Admits(IPAddress.Loopback).ShouldBeFalse();

    [Fact]
    public void A_mapped_address_is_shown_as_what_it_is() =>
        ClientPolicy.Identify(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.7"), 25)).ToString().ShouldBe("192.0.2.7:25");

    [Fact]
    public void An_end_without_an_address_belongs_to_nobody() =>
        Policy.Admits(ClientPolicy.Identify(new UnixDomainSocketEndPoint("/run/x")).Address).ShouldBeFalse();

    [Theory]
    [InlineData(ListenerAuthenticationMode.Off, false, 550)]
    [InlineData(ListenerAuthenticationMode.Offered, false, 530)]
    [InlineData(ListenerAuthenticationMode.Offered, true, null)]
    [InlineData(ListenerAuthenticationMode.Required, true, 550)]
    public void A_stranger_gets_in_by_a_login_that_is_offered_and_not_by_one_that_everybody_needs(
        ListenerAuthenticationMode mode, bool isLoggedIn, int? refusal)
    {
        var policy = new ClientPolicy(Options() with { Authentication = new ListenerAuthenticationOptions { Mode = mode } });

        var reply = policy.Refuse(Stranger with { User = isLoggedIn ? "alice" : null }, isAdmitted: false);

        (reply?.Code).ShouldBe(refusal);
        policy.Refuse(Stranger, isAdmitted: true).ShouldBeNull();
    }

    [Theory]
    [InlineData(ClientCertificateMode.Off, true, false)]
    [InlineData(ClientCertificateMode.Offered, false, false)]
    [InlineData(ClientCertificateMode.Offered, true, true)]
    [InlineData(ClientCertificateMode.Required, true, false)]
    public void A_stranger_gets_in_by_a_certificate_that_is_offered_and_not_by_one_that_everybody_needs(
        ClientCertificateMode mode, bool shows, bool isServed)
    {
        var policy = new ClientPolicy(Options() with
        {
            Tls = new ListenerTlsOptions { ClientCertificates = new ClientCertificateOptions { Mode = mode } },
        });
        var tls = new TlsFacts(System.Security.Authentication.SslProtocols.Tls13, "TLS_AES_256_GCM_SHA384", shows ? TestPki.Root : null);

        (policy.Refuse(Stranger with { Tls = tls }, isAdmitted: false) is null).ShouldBe(isServed);
    }

    private static SmtpSessionIdentity Stranger { get; } = new("S1", "internal", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 40000));

    private static ClientPolicy Of(params IPNetwork[] clients) => new(Options() with { Clients = clients });

    private static ListenerOptions Options() => new() { Name = "internal", Endpoint = new IPEndPoint(IPAddress.Loopback, 25) };
}
