using System.Net;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting.Crowding;

public sealed class ConnectionTableTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Two = IPAddress.Parse("192.0.2.2");
    private readonly ManualTimeProvider _time = new();
    private readonly ConnectionTable _table;
    private readonly List<string> _aborted = [];
    private readonly ListenerLimits _limits = new() { Connections = 10, ConnectionsPerClient = 3 };

    public ConnectionTableTests() => _table = new ConnectionTable(_time);

    [Fact]
    public void One_client_has_its_share_and_no_more()
    {
        var connections = Enumerable.Range(0, 5).Select(_ => Enter()!).ToList();

        connections.Take(3).ShouldAllBe(connection => _table.TryIdentify(connection, One, _limits));
        _table.TryIdentify(connections[3], One, _limits).ShouldBeFalse();
        _table.TryIdentify(connections[3], Two, _limits).ShouldBeTrue();

        _table.Leave(connections[0]);
        _table.TryIdentify(connections[4], One, _limits).ShouldBeTrue();
    }

    [Fact]
    public void The_one_that_was_silent_the_longest_makes_room()
    {
        var first = Enter()!;
        _time.Advance(TimeSpan.FromSeconds(3));
        var second = Enter()!;
        for (var i = 2; i < 10; i++)
        {
            Enter();
        }

        _time.Advance(TimeSpan.FromSeconds(2));

        Enter().ShouldNotBeNull();
        first.AskedToGo.ShouldNotBeNull();
        second.AskedToGo.ShouldBeNull();
        _table.Count.ShouldBe(10);
    }

    [Fact]
    public void Nobody_makes_room_who_is_at_work_or_has_just_come()
    {
        for (var i = 0; i < 10; i++)
        {
            Enter(isSending: i % 2 == 0);
        }

        Enter().ShouldBeNull();
    }

    [Fact]
    public void Where_nobody_is_silent_the_slowest_message_makes_room_once_it_has_had_ten_seconds()
    {
        var sending = Enumerable.Range(0, 10).Select(_ => Enter(isSending: true)!).ToList();
        _time.Advance(TimeSpan.FromSeconds(9));
        Enter().ShouldBeNull("nobody has had ten seconds");
        foreach (var (connection, octets) in sending.Select((connection, i) => (connection, i == 3 ? 10 : 1_000_000)))
        {
            connection.Receive(octets);
            connection.Wait(_time.GetTimestamp());
        }

        _time.Advance(TimeSpan.FromSeconds(1));

        Enter().ShouldNotBeNull();
        sending[3].AskedToGo.ShouldNotBeNull();
        _aborted.ShouldHaveSingleItem().ShouldContain("slowly");
        Enter().ShouldBeNull("the others are fast enough");
    }

    [Fact]
    public void Places_come_free_as_connections_leave_asked_or_not()
    {
        var connections = Enumerable.Range(0, 10).Select(_ => Enter()!).ToList();
        _time.Advance(TimeSpan.FromSeconds(2));
        Enter().ShouldNotBeNull();

        connections.ForEach(_table.Leave);

        _table.Count.ShouldBe(1);
    }

    [Fact]
    public void While_there_is_room_nobody_is_asked_to_go()
    {
        var quiet = Enumerable.Range(0, 8).Select(_ => Enter()!).ToList();

        _time.Advance(TimeSpan.FromMinutes(4));

        quiet.ShouldAllBe(connection => connection.AskedToGo == null);
    }

    [Fact]
    public void On_a_crowded_listener_the_silent_are_asked_after_ten_seconds_and_cut_off_when_they_do_not_go()
    {
        var quiet = Enumerable.Range(0, 9).Select(_ => Enter()!).ToList();
        _time.Advance(TimeSpan.FromSeconds(9));
        quiet.ShouldAllBe(connection => connection.AskedToGo == null);
        quiet[0].Wait(_time.GetTimestamp());

        _time.Advance(TimeSpan.FromSeconds(2));
        quiet.Skip(1).ShouldAllBe(connection => connection.AskedToGo != null && connection.Departure.IsCancellationRequested);
        quiet[0].AskedToGo.ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(3));
        _aborted.Count.ShouldBe(8);
    }

    [Fact]
    public void Who_was_asked_to_go_in_the_middle_of_a_transaction_may_finish_it()
    {
        var quiet = Enumerable.Range(0, 9).Select(_ => Enter()!).ToList();
        _time.Advance(TimeSpan.FromSeconds(11));
        quiet.ForEach(connection => connection.Receive(10));
        quiet.ForEach(connection => connection.Wait(_time.GetTimestamp()));

        _time.Advance(TimeSpan.FromSeconds(60));

        _aborted.ShouldBeEmpty();
    }

    [Fact]
    public void A_message_being_sent_or_worked_on_is_no_silence()
    {
        for (var i = 0; i < 9; i++)
        {
            Enter(isSending: true);
        }

        _time.Advance(TimeSpan.FromMinutes(2));

        _aborted.ShouldBeEmpty();
    }

    [Fact]
    public void A_minimum_rate_holds_while_the_listener_is_crowded()
    {
        var connections = Enumerable.Range(0, 8).Select(_ => Enter()!).ToList();
        _table.MinimumRate.ShouldBe(0);

        connections.Add(Enter()!);
        _table.MinimumRate.ShouldBe(500);

        _table.Leave(connections[0]);
        _table.MinimumRate.ShouldBe(0);
    }

    private OpenConnection? Enter(bool isSending = false)
    {
        OpenConnection connection = null!;
        connection = new OpenConnection(_time.GetTimestamp(), Cut, CancellationToken.None);
        if (isSending)
        {
            connection.BeginMessage(_time.GetTimestamp());
        }

        return _table.TryEnter(connection, _limits, out _) ? connection : null;

        void Cut(string reason)
        {
            _aborted.Add(reason);
            _table.Leave(connection);
        }
    }
}
