using System.Collections.Immutable;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>All that a queue does, once, and at every moment what must be true of it. Every text is unique.</summary>
internal sealed class Story(QueueBed bed)
{
    private static readonly string[] Successors = ["small successor", "large successor", "last successor"];

    private volatile Facts _facts = Facts.None;

    public static DiskQueueOptions Options(DiskQueueOptions options) => options with { SegmentBytes = 8 * 1024, OwnFileBytes = 3_000, CacheBytes = 4_000 };

    public Facts FactsNow() => _facts;

    /// <summary>What is delivered from the disk of a dead queue, with the attempts that had been counted.</summary>
    public static async Task<IReadOnlyList<(string Text, int Attempts)>> EndAsync(QueueBed heir)
    {
        await heir.Queue.ReleaseAsync(new QueueFilter(), CancellationToken.None);
        heir.Time.Advance(TimeSpan.FromHours(1));
        return [.. (await heir.Queue.DrainAsync()).Select(static message => (Key(message), message.Attempts))];
    }

    public async Task TellAsync()
    {
        await ReleaseAsync();

        // These wait until the end, so the segment they are in has to be given up by moving them.
        var waiting = await AddAsync("deferred", "held", "removed", "bounced");
        await AddAsync("large " + new string('x', 4_000));
        var taken = await TakeAsync(5);
        await DeferAsync(taken[0]);
        await DeferAsync(taken[1]);
        await DeliverAsync(taken[4]);
        await BounceAsync(taken[3]);
        await bed.Queue.HoldAsync(new QueueFilter { Ids = [waiting[1]] }, CancellationToken.None);
        Begin(_facts with { Begun = _facts.Begun.Add("removed") });
        await bed.Queue.RemoveAsync(new QueueFilter { Ids = [waiting[2]] }, CancellationToken.None);
        Begin(_facts with { Recorded = _facts.Recorded.Add("removed") });
        for (var i = 0; i < 40; i++)
        {
            await AddAsync($"passing {i} " + new string('y', 1_200));
            await DeliverAsync((await TakeAsync(1))[0]);
        }

        await Eventually.TrueAsync(() => bed.Disk.List().Count <= 7);
        await AddAsync("last", "last but one");
    }

    private static string Key(QueuedMessage message) => message.Text().TrimEnd('x', 'y', ' ');

    private void Begin(Facts facts) => _facts = facts;

    private async Task<IReadOnlyList<QueueId>> AddAsync(params string[] texts)
    {
        Begin(_facts with { Offered = _facts.Offered.Union(texts.Select(static text => text.TrimEnd('x', 'y', ' '))) });
        var outcome = await bed.Queue.EnqueueAsync([.. texts.Select(Mail.Some)], CancellationToken.None);
        outcome.IsStored.ShouldBeTrue();
        Begin(_facts with { Accepted = _facts.Accepted.Union(texts.Select(static text => text.TrimEnd('x', 'y', ' '))) });
        return outcome.Ids;
    }

    private async Task<IReadOnlyList<QueuedMessage>> TakeAsync(int count)
    {
        var taken = new List<QueuedMessage>();
        while (taken.Count < count)
        {
            var message = await bed.Queue.NextAsync();
            if (Key(message) == "report")
            {
                await DeliverAsync(message);
            }
            else
            {
                taken.Add(message);
            }
        }

        return taken;
    }

    private async Task DeliverAsync(QueuedMessage message)
    {
        Begin(_facts with { Begun = _facts.Begun.Add(Key(message)) });
        await bed.Queue.DeliverAsync(message);
        Begin(_facts with { Recorded = _facts.Recorded.Add(Key(message)) });
    }

    private async Task DeferAsync(QueuedMessage message)
    {
        Begin(_facts with { Deferring = _facts.Deferring.Add(Key(message)) });
        await bed.Queue.DeferAsync(message, bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30));
        Begin(_facts with { Deferred = _facts.Deferred.Add(Key(message)) });
    }

    private async Task BounceAsync(QueuedMessage message)
    {
        Begin(_facts with { Begun = _facts.Begun.Add(Key(message)), Offered = _facts.Offered.Add("report") });
        await bed.Queue.RecordAsync(message, Mail.All(message, Mail.Failed) with { Successors = [Mail.Some("report")] }, CancellationToken.None);
        Begin(_facts with { Recorded = _facts.Recorded.Add(Key(message)), Accepted = _facts.Accepted.Add("report") });
    }

    /// <summary>What was sealed becomes three messages, of which one has a file of its own.</summary>
    private async Task ReleaseAsync()
    {
        await AddAsync("sealed");
        var message = (await TakeAsync(1))[0];
        Begin(_facts with { Begun = _facts.Begun.Add("sealed"), Offered = _facts.Offered.Union(Successors) });
        var record = Mail.All(message, Mail.Delivered) with
        {
            Successors = [Mail.Some(Successors[0]), Mail.Some(Successors[1] + " " + new string('x', 4_000)), Mail.Some(Successors[2])],
            IsRefusable = true,
        };
        (await bed.Queue.RecordAsync(message, record, CancellationToken.None)).Count.ShouldBe(3);
        Begin(_facts with { Recorded = _facts.Recorded.Add("sealed"), Accepted = _facts.Accepted.Union(Successors) });
        foreach (var successor in await TakeAsync(Successors.Length))
        {
            await DeliverAsync(successor);
        }
    }

    /// <summary>What was known outside the queue at one moment.</summary>
    /// <param name="Offered">Handed over; the queue may have it.</param>
    /// <param name="Accepted">Confirmed; the queue has it.</param>
    /// <param name="Begun">The record of its end, or its removal, was begun.</param>
    /// <param name="Recorded">That record was made.</param>
    /// <param name="Deferring">The record of an attempt was begun.</param>
    /// <param name="Deferred">That record was made.</param>
    public sealed record Facts(
        ImmutableHashSet<string> Offered, ImmutableHashSet<string> Accepted, ImmutableHashSet<string> Begun,
        ImmutableHashSet<string> Recorded, ImmutableHashSet<string> Deferring, ImmutableHashSet<string> Deferred)
    {
        public static Facts None { get; } = new([], [], [], [], [], []);

        /// <summary>Compares with what came out afterwards. A power cut may bring back deliveries of the last second, a kill none.</summary>
        public void Check(IReadOnlyList<(string Text, int Attempts)> left, bool isKill)
        {
            var texts = left.Select(static message => message.Text).ToList();
            texts.ShouldBeUnique();
            texts.Except(Offered).ShouldBeEmpty("never offered");
            Accepted.Except(Begun).Except(texts).ShouldBeEmpty("lost");
            if (isKill)
            {
                texts.Intersect(Recorded).ShouldBeEmpty("recorded and back again");
                left.Where(message => Deferred.Contains(message.Text)).ShouldAllBe(static message => message.Attempts == 1);
            }

            // Durable when the call returned, whatever happens then.
            texts.Intersect(Recorded.Intersect(["removed", "bounced", "sealed"])).ShouldBeEmpty("removed, bounced or released, and back again");
            left.Where(message => !Deferring.Contains(message.Text)).ShouldAllBe(static message => message.Attempts == 0, "an attempt that never was");

            // So do the successors, all of them.
            if (Begun.Contains("sealed") && !Begun.Overlaps(Successors))
            {
                texts.Intersect(Successors).Count().ShouldBe(texts.Contains("sealed") ? 0 : Successors.Length, "the original or all of its successors");
            }

            // The bounce exists exactly when the original is gone.
            if (Begun.Contains("bounced") && !Begun.Contains("report"))
            {
                (texts.Contains("bounced") ^ texts.Contains("report")).ShouldBeTrue("the original or its report, not both and not neither");
            }
        }
    }
}
