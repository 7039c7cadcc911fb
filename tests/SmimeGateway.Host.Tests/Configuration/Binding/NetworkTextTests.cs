using System.Net;
using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Tests.Configuration.Binding;

public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("::1", "::1/128")]
    public void A_network_is_read(string text, string network)
    {
        NetworkText.TryParse(text, out IPNetwork read).ShouldBeNull();

        read.ShouldBe(IPNetwork.Parse(network));
    }

    [Theory]
    [InlineData("10.0.0.1/8", "Write \"10.0.0.0/8\" for the network, or \"10.0.0.1\" for the host alone.")]
    [InlineData("2001:db8::1/32", "Write \"2001:db8::/32\" for the network, or \"2001:db8::1\" for the host alone.")]
    [InlineData("192.168.1.77/30", "Write \"192.168.1.76/30\" for the network, or \"192.168.1.77\" for the host alone.")]
    public void An_address_with_bits_behind_its_prefix_is_corrected(string text, string remedy) =>
        NetworkText.TryParse(text, out IPNetwork _)!.Remedy.ShouldBe(remedy);

    [Theory]
    [InlineData("10.1")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("example.com")]
    [InlineData("/8")]
    public void What_is_no_network_is_refused(string text) => NetworkText.TryParse(text, out IPNetwork _).ShouldNotBeNull();

    [Theory]
    [InlineData("127.0.0.1:2525")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::1]:25")]
    public void An_endpoint_is_read(string text)
    {
        NetworkText.TryParse(text, out IPEndPoint read).ShouldBeNull();

        read.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1:25")]
    [InlineData("[127.0.0.1]:25")]
    [InlineData("[::1:25")]
    [InlineData("127.1:25")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("localhost:25")]
    [InlineData(":25")]
    public void What_is_no_endpoint_is_refused(string text) => NetworkText.TryParse(text, out IPEndPoint _).ShouldNotBeNull();

    [Theory]
    [InlineData("smtp.example.net:587", "smtp.example.net", 587)]
    [InlineData("smtp.example.net", "smtp.example.net", 25)]
    [InlineData("192.0.2.1:2525", "192.0.2.1", 2525)]
    [InlineData("[2001:db8::1]:2525", "2001:db8::1", 2525)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 25)]
    public void A_host_is_read(string text, string host, int port)
    {
        NetworkText.TryParse(text, out DnsEndPoint read).ShouldBeNull();

        (read.Host, read.Port).ShouldBe((host, port));
    }

    [Theory]
    [InlineData("smtp.example.net:")]
    [InlineData("smtp.example.net:0")]
    [InlineData("2001:db8::1")]
    [InlineData("[smtp.example.net]:25")]
    [InlineData("[")]
    [InlineData("]:25")]
    [InlineData("a..b:25")]
    [InlineData("user@host:25")]
    public void What_is_no_host_is_refused(string text) => NetworkText.TryParse(text, out DnsEndPoint _).ShouldNotBeNull();
}
