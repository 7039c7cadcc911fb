using System.Net;
using SmimeGateway.Accepting;

namespace SmimeGateway.Tests.Accepting;

public sealed class ConnectionCountTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Two = IPAddress.Parse("192.0.2.2");
    private readonly ConnectionCount _count = new();
    private readonly ListenerLimits _limits = new() { Connections = 3, ConnectionsPerClient = 2 };

    [Fact]
    public void One_client_has_its_share_and_no_more()
    {
        _count.TryEnter(One, _limits).ShouldBeTrue();
        _count.TryEnter(One, _limits).ShouldBeTrue();

        _count.TryEnter(One, _limits).ShouldBeFalse();
        _count.TryEnter(Two, _limits).ShouldBeTrue();
    }

    [Fact]
    public void All_clients_together_have_a_limit_too()
    {
        _count.TryEnter(One, _limits);
        _count.TryEnter(One, _limits);
        _count.TryEnter(Two, _limits);

        _count.TryEnter(Two, _limits).ShouldBeFalse();
    }

    [Fact]
    public void Who_leaves_makes_room()
    {
        _count.TryEnter(One, _limits);
        _count.TryEnter(One, _limits);

        _count.Leave(One);

        _count.TryEnter(One, _limits).ShouldBeTrue();
        _count.TryEnter(One, _limits).ShouldBeFalse();
    }

    [Fact]
    public void A_lower_limit_holds_from_the_next_connection_on()
    {
        _count.TryEnter(One, _limits);
        _count.TryEnter(One, _limits);
        _count.Leave(One);

        _count.TryEnter(One, _limits with { ConnectionsPerClient = 1 }).ShouldBeFalse();
    }
}
