using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Pooling;

public sealed class RevivalTests
{
    [Fact]
    public async Task A_route_that_closes_while_it_asks_a_host_complains_of_nothing_and_makes_its_mail_due()
    {
        using var silent = BlackHole.Open();
        var (time, log) = (new ManualTimeProvider(), new CollectingLogger<RevivalTests>(LogLevel.Debug));
        await using var pool = new NextHopPool(new NextHopOptions([silent.EndPoint], Connections: 1), new SmtpClientOptions("gateway.example.com"), security: null, time, log);
        var due = new List<QueueId>();
        var revival = new Revival(pool, TimeSpan.FromSeconds(1), due.AddRange, "route", time, log);
        revival.Strand(QueueId.FromSequence(1));
        time.Advance(TimeSpan.FromSeconds(1));
        pool.Look().ShouldHaveSingleItem();

        await Eventually.EndsAsync(revival.DisposeAsync().AsTask());

        log.Lines.ShouldBeEmpty();
        due.ShouldHaveSingleItem();
    }
}
