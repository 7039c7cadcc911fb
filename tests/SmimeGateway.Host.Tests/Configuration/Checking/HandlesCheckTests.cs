using System.Net;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class HandlesCheckTests
{
    private static readonly string[] Limits =
    [
        "Limit                     Soft Limit           Hard Limit           Units     ",
        "Max open files            256                  1024                 files     ",
    ];

    [Fact]
    public void More_connections_than_open_files_are_a_warning_with_both_numbers()
    {
        var finding = HandlesCheck.Check(OptionsWith(connections: 825), Limits).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(CheckSeverity.Warning);
        finding.Text.ShouldContain("1025 open files");
        finding.Text.ShouldContain("may have 1024");
    }

    [Fact]
    public void As_many_as_there_may_be_are_nothing_to_mention()
    {
        HandlesCheck.Check(OptionsWith(connections: 824), Limits).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Max open files            256                  unlimited            files")]
    [InlineData("Max open files")]
    [InlineData("")]
    public void Where_no_limit_is_known_nothing_is_said(string line)
    {
        HandlesCheck.Check(OptionsWith(connections: 100_000), [line]).ShouldBeEmpty();
    }

    private static GatewayOptions OptionsWith(int connections) => new()
    {
        Listeners =
        [
            new ListenerOptions { Name = "internal", Endpoint = IPEndPoint.Parse("127.0.0.1:25"), Limits = new ListenerLimits { Connections = connections } },
        ],
    };
}
