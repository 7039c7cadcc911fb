using SmimeGateway.Host.Configuration.Checking;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class HostNameCheckTests
{
    [Theory]
    [InlineData("gateway")]
    [InlineData("gateway.")]
    public void A_name_without_a_dot_is_warned_about(string name) =>
        HostNameCheck.Check(new GatewayOptions { HostName = name }).ShouldHaveSingleItem().Text.ShouldStartWith("EHLO will say a name without a dot");

    [Theory]
    [InlineData("10.0.0.1", "address")]
    [InlineData("mail.example.4", "address")]
    [InlineData("g_w.example.com", "underscore")]
    [InlineData("_gw", "underscore")]
    public void What_is_no_name_of_a_host_is_warned_about(string name, string what) =>
        HostNameCheck.Check(new GatewayOptions { HostName = name }).ShouldHaveSingleItem().Text.ShouldContain(what);

    [Fact]
    public void A_full_name_is_nothing_to_mention() =>
        HostNameCheck.Check(new GatewayOptions { HostName = "gateway.example.com" }).ShouldBeEmpty();
}
