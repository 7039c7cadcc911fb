using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Mime;
using SmimeGateway.Relaying;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying;

public sealed class SmtpDeliveryTests
{
    [Fact]
    public async Task Messages_one_after_the_other_share_one_connection()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var delivery = To(nextHop);

        for (var i = 0; i < 10; i++)
        {
            await DeliverAsync(delivery, DeliveryAction.Delivered);
        }

        nextHop.Connections.ShouldBe(1);
        nextHop.Messages.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Never_more_connections_than_configured()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await using var delivery = To(nextHop, connections: 3);

        delivery.Width.ShouldBe(3);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 60),
            new ParallelOptions { MaxDegreeOfParallelism = delivery.Width },
            async (_, _) => await DeliverAsync(delivery, DeliveryAction.Delivered));

        nextHop.Messages.Count.ShouldBe(60);
        nextHop.MostOpenConnections.ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData("250 2.0.0 taken", DeliveryAction.Delivered)]
    [InlineData("550 5.7.1 never", DeliveryAction.Failed)]
    public async Task The_verdict_on_one_message_is_never_that_on_the_next_though_the_server_hangs_up_after_each(string verdict, DeliveryAction action)
    {
        await using var nextHop = ScriptedNextHop.Start("DOT", ScriptedReply.SayAndDrop(verdict, "421 4.7.0 enough for now"));
        await using var delivery = To(nextHop, connections: 1);

        for (var i = 0; i < 20; i++)
        {
            await DeliverAsync(delivery, action);
        }

        nextHop.Messages.Count.ShouldBe(20);
    }

    [Theory]
    [InlineData(true, "BDAT")]
    [InlineData(false, "DATA")]
    public async Task A_route_says_whether_content_goes_in_chunks(bool chunking, string command)
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = ["PIPELINING", "CHUNKING"];
        await using var delivery = SomeRoute.Open(new RouteOptions { Recipients = ["*"], Hosts = [nextHop.EndPoint], Chunking = chunking });

        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Commands.Last().ShouldStartWith(command);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_without_chunking_gets_short_lines_and_the_same_text(bool chunking)
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = chunking ? ["PIPELINING", "CHUNKING"] : ["PIPELINING"];
        await using var delivery = To(nextHop);
        var text = string.Concat(Enumerable.Range(0, 500).Select(i => $"<p>{i}</p>"));
        var content = Encoding.ASCII.GetBytes($"Subject: x\r\nReferences: {string.Join(' ', Enumerable.Repeat("<a@b>", 300))}\r\nMIME-Version: 1.0\r\n\r\n{text}\r\n");
        var message = SomeQueued.To("bob@example.net") with { Content = content };

        var attempt = await delivery.DeliverAsync(message, CancellationToken.None);

        attempt.Statuses.Single().Action.ShouldBe(DeliveryAction.Delivered);
        var sent = nextHop.Messages.Single().Content;
        sent.AsSpan().SequenceEqual(content).ShouldBe(chunking);
        Entity.TryParse(sent, MimeLimits.Standard, out var read, out _).ShouldBeTrue();
        Encoding.ASCII.GetString(read.DecodeBody()).ShouldBe(text + "\r\n");
        Encoding.ASCII.GetString(sent).Split("\r\n").Any(line => line.Length > 998).ShouldBe(chunking);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_breaks_its_attempt_and_keeps_no_connection()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = ["PIPELINING"];
        await using var delivery = To(nextHop, connections: 1);
        using var unreadable = new UnreadableMemory();
        var message = SomeQueued.To("bob@example.net") with { Content = (ReadOnlyMemory<byte>)unreadable.Memory };

        await Should.ThrowAsync<InvalidOperationException>(async () => await delivery.DeliverAsync(message, CancellationToken.None));
        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_is_retired_after_its_uses()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var delivery = new SmtpDelivery(
            new NextHopOptions([nextHop.EndPoint], 1) { MaxUses = 2 }, Client, TimeProvider.System, NullLogger<SmtpDelivery>.Instance);

        for (var i = 0; i < 5; i++)
        {
            await DeliverAsync(delivery, DeliveryAction.Delivered);
        }

        nextHop.Connections.ShouldBe(3);
        await Eventually.TrueAsync(() => nextHop.Commands.Count(command => command == "QUIT") == 2);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_politely()
    {
        var time = new ManualTimeProvider();
        await using var nextHop = ScriptedNextHop.Start();
        await using var delivery = To(nextHop, time: time);
        await DeliverAsync(delivery, DeliveryAction.Delivered);

        time.Advance(TimeSpan.FromMinutes(2));

        await Eventually.TrueAsync(() => nextHop.Commands.Contains("QUIT") && nextHop.OpenConnections == 0);
    }

    [Fact]
    public async Task A_kept_connection_that_the_server_closed_costs_no_attempt()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var delivery = To(nextHop, connections: 4);
        await Task.WhenAll(Enumerable.Range(0, delivery.Width).Select(_ => DeliverAsync(delivery, DeliveryAction.Delivered)));
        var before = nextHop.Connections;

        nextHop.DropAll();
        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Connections.ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_farewell_on_a_kept_connection_costs_no_attempt()
    {
        var mails = 0;
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb == "MAIL" && ++mails == 2 ? ScriptedReply.SayAndDrop("421 4.4.2 Idle for too long") : null;
        await using var delivery = To(nextHop);

        await DeliverAsync(delivery, DeliveryAction.Delivered);
        await DeliverAsync(delivery, DeliveryAction.Delivered);

        nextHop.Messages.Count.ShouldBe(2);
        nextHop.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_new_connection_that_is_dropped_at_once_is_one_attempt()
    {
        await using var nextHop = ScriptedNextHop.Start("MAIL", ScriptedReply.Drop);
        await using var delivery = To(nextHop);

        await DeliverAsync(delivery, DeliveryAction.Delayed);

        nextHop.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("GREETING")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    public async Task The_second_host_takes_over_from_one_that_fails(string command)
    {
        await using var broken = ScriptedNextHop.Start(command, ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        await using var sound = ScriptedNextHop.Start();
        await using var delivery = To([broken.EndPoint, sound.EndPoint]);

        await DeliverAsync(delivery, DeliveryAction.Delivered);

        sound.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_refuses_connections_is_left_alone_for_a_while_and_used_again_after_it()
    {
        var time = new ManualTimeProvider();
        await using var first = ScriptedNextHop.Start("GREETING", ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        await using var second = ScriptedNextHop.Start();
        await using var delivery = new SmtpDelivery(
            new NextHopOptions([first.EndPoint, second.EndPoint], 5) { MaxUses = 1 }, Client, time, NullLogger<SmtpDelivery>.Instance);

        for (var i = 0; i < 5; i++)
        {
            await DeliverAsync(delivery, DeliveryAction.Delivered);
        }

        first.Connections.ShouldBe(1, "nobody asks again within the cooldown");
        first.Script = (_, _) => null;
        time.Advance(TimeSpan.FromSeconds(31));
        await DeliverAsync(delivery, DeliveryAction.Delivered);
        first.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_every_host_is_down_one_probe_in_half_a_minute_is_made()
    {
        var time = new ManualTimeProvider();
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        await using var delivery = To(nextHop, connections: 10, time: time);
        delivery.Serve(new SomeRouteQueue { Others = 1 });

        await DeliverAsync(delivery, DeliveryAction.Delayed);
        for (var halfMinute = 0; halfMinute < 4; halfMinute++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => DeliverAsync(delivery, DeliveryAction.Delayed)));
            nextHop.Connections.ShouldBe(1 + halfMinute);

            // Nobody has to have a message due for a host to be asked.
            await PassUntilAsync(time, TimeSpan.FromSeconds(30), () => nextHop.Connections == 2 + halfMinute && nextHop.OpenConnections == 0);
        }
    }

    // The timer of the next probe is set a moment after the connection of the last one has ended, which nobody can see from outside: a
    // clock that was moved before that moment has to be moved once more.
    private static async Task PassUntilAsync(ManualTimeProvider time, TimeSpan span, Func<bool> condition)
    {
        for (var moves = 1; ; moves++)
        {
            time.Advance(span);
            try
            {
                await Eventually.TrueAsync(condition, TimeSpan.FromSeconds(5));
                return;
            }
            catch (TimeoutException) when (moves < 4)
            {
            }
        }
    }

    [Fact]
    public async Task Nobody_listening_is_a_delay_with_a_reason()
    {
        await using var delivery = To([new DnsEndPoint("127.0.0.1", Loopback.FreePort())]);

        var attempt = await DeliverAsync(delivery, DeliveryAction.Delayed);

        attempt.Statuses[0].Status.ShouldBe(new EnhancedStatus(4, 4, 1));
        attempt.Statuses[0].Diagnostic.ShouldContain("refused");
    }

    [Fact]
    public async Task A_name_without_an_address_is_a_delay_with_a_reason()
    {
        await using var delivery = To([new DnsEndPoint("no-such-host.invalid", 25)]);

        var attempt = await DeliverAsync(delivery, DeliveryAction.Delayed);

        attempt.Statuses[0].Status.ShouldBe(new EnhancedStatus(4, 4, 3));
    }

    [Fact]
    public async Task A_host_without_an_address_is_told_once_and_stands_in_the_status()
    {
        var log = new CollectingLogger<SmtpDelivery>(LogLevel.Information);
        await using var delivery = new SmtpDelivery(
            new NextHopOptions([new DnsEndPoint("no-such-host.invalid", 25)], 1), Client, TimeProvider.System, log);

        await DeliverAsync(delivery, DeliveryAction.Delayed);
        await DeliverAsync(delivery, DeliveryAction.Delayed);

        log.Lines.Where(line => line.Contains("has no address", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldStartWith("Warning Next hop no-such-host.invalid, port 25, has no address: ");
        var host = delivery.Look(["*"]).NextHops.ShouldHaveSingleItem();
        host.Address.ShouldBe("port 25, no address");
        host.LastTrouble!.ShouldStartWith("4.4.3 The address of no-such-host.invalid could not be found: ");
    }

    [Fact]
    public async Task The_host_that_took_a_message_is_named_with_its_address()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var named = To([new DnsEndPoint("localhost", nextHop.EndPoint.Port)]);
        await using var numbered = To(nextHop);
        var message = SomeQueued.To([.. Enumerable.Range(0, 150).Select(i => $"r{i}@example.net")]);

        var many = await named.DeliverAsync(message, default);
        var one = await DeliverAsync(numbered, DeliveryAction.Delivered);

        many.Hosts!.Distinct().ShouldBe([$"localhost[127.0.0.1]:{nextHop.EndPoint.Port}"]);
        many.Hosts!.Count.ShouldBe(150);
        one.Hosts.ShouldBe([$"127.0.0.1:{nextHop.EndPoint.Port}"]);
    }

    private static SmtpClientOptions Client { get; } = new("gateway.example.com");

    private static SmtpDelivery To(ScriptedNextHop nextHop, int connections = 20, TimeProvider? time = null) =>
        To([nextHop.EndPoint], connections, time);

    private static SmtpDelivery To(IReadOnlyList<DnsEndPoint> hosts, int connections = 20, TimeProvider? time = null) =>
        new(new NextHopOptions(hosts, connections), Client, time ?? TimeProvider.System, NullLogger<SmtpDelivery>.Instance);

    private static async Task<DeliveryAttempt> DeliverAsync(SmtpDelivery delivery, DeliveryAction action)
    {
        var message = SomeQueued.To("bob@example.net");
        var attempt = await Eventually.EndsAsync(delivery.DeliverAsync(message, default).AsTask());
        attempt.Statuses.Single().Action.ShouldBe(action, attempt.Statuses[0].Diagnostic);
        return attempt;
    }

    private sealed class UnreadableMemory : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(10);

        public override Span<byte> GetSpan() => throw new InvalidOperationException("a bug");

        public override MemoryHandle Pin(int elementIndex = 0) => throw new InvalidOperationException("a bug");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
