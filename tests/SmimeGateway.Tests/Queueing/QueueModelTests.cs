using FsCheck;
using FsCheck.Fluent;
using SmimeGateway.Queueing;

namespace SmimeGateway.Tests.Queueing;

/// <summary>Whatever is done to a queue in whatever order, it holds exactly what a list in memory would.</summary>
public sealed class QueueModelTests
{
    [Fact]
    public void A_queue_holds_what_it_was_given_until_it_is_recorded_as_ended()
    {
        var steps = Gen.Choose(0, 999).ListOf().Select(static steps => steps.ToArray());
        var property = Prop.ForAll(Arb.From(steps), static steps => PlayAsync(steps).GetAwaiter().GetResult());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(80), property);
    }

    private static async Task<bool> PlayAsync(int[] steps)
    {
        await using var bed = new QueueBed(static options => options with { CacheBytes = 5_000, OwnFileBytes = 4_000 });
        var model = new Dictionary<QueueId, (string Text, int Pending, int Attempts)>();
        var held = new List<QueuedMessage>();
        foreach (var step in steps)
        {
            var detail = step / 10;
            switch (step % 10)
            {
                case 0 or 1 or 2 or 3:
                    await AddAsync(bed, model, detail);
                    break;
                case 4 or 5:
                    if (model.Count > held.Count)
                    {
                        // Every message is due within the pause below, so there is one to take.
                        bed.Time.Advance(TimeSpan.FromMinutes(2));
                        held.Add(await bed.Queue.NextAsync());
                    }

                    break;
                case 6 or 7:
                    if (held.Count > 0)
                    {
                        var message = held[0];
                        held.RemoveAt(0);
                        if (await RecordAsync(bed, model, message, detail))
                        {
                            held.Clear();
                        }
                    }

                    break;
                case 8:
                    bed.Kill();
                    held.Clear();
                    break;
                default:
                    await bed.RestartAsync();
                    held.Clear();
                    break;
            }
        }

        bed.Kill();
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        var left = await bed.Queue.DrainAsync();
        left.ToDictionary(static message => message.Id, static message => (message.Text(), message.Envelope.Recipients.Count, message.Attempts))
            .ShouldBe(model, ignoreOrder: true);
        return true;
    }

    private static async Task AddAsync(QueueBed bed, Dictionary<QueueId, (string Text, int Pending, int Attempts)> model, int detail)
    {
        var text = new string((char)('a' + (detail % 26)), detail * 60);
        var recipients = Enumerable.Range(0, 1 + (detail % 3)).Select(static i => $"user{i}@example.net").ToArray();
        model.Add(await bed.Queue.AddAsync(Mail.To(text, recipients)), (text, recipients.Length, 0));
    }

    /// <returns>True when the queue was opened anew, so that nothing is held any more.</returns>
    private static async Task<bool> RecordAsync(
        QueueBed bed, Dictionary<QueueId, (string Text, int Pending, int Attempts)> model, QueuedMessage message, int detail)
    {
        var progress = message.Envelope.Recipients
            .Select((recipient, i) => new RecipientProgress(recipient, (detail >> i) % 2 == 0 ? Mail.Delivered : Mail.Delayed)).ToList();
        var reports = detail % 5 == 0 ? new[] { Mail.Some("report") } : [];
        await bed.Queue.RecordAsync(
            message, new AttemptRecord(progress, bed.Time.GetUtcNow() + TimeSpan.FromMinutes(1), reports), CancellationToken.None);

        var (text, pending, attempts) = model[message.Id];
        pending -= progress.Count(static result => result.Status == Mail.Delivered);
        model.Remove(message.Id);
        if (pending > 0)
        {
            model.Add(message.Id, (text, pending, attempts + 1));
        }

        if (reports.Length > 0)
        {
            // Its id is not told; the newest message in the queue is the report.
            await bed.RestartAsync();
            model.Add(await NewestIdAsync(bed, model), ("report", 1, 0));
        }

        return reports.Length > 0;
    }

    private static async Task<QueueId> NewestIdAsync(
        QueueBed bed, Dictionary<QueueId, (string Text, int Pending, int Attempts)> model)
    {
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        while (true)
        {
            var message = await bed.Queue.NextAsync();
            if (!model.ContainsKey(message.Id))
            {
                bed.Kill();
                return message.Id;
            }
        }
    }
}
