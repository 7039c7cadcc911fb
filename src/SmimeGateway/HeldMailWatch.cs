using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// Makes messages due that wait for a certificate, once there is one for a recipient of theirs. Arrivals that come while it looks are
/// answered by one more look, however many they are.
/// </summary>
/// <param name="queue">Where the messages wait.</param>
/// <param name="isKnown">Whether there is a usable certificate for an address now.</param>
/// <param name="log">Hears what was woken.</param>
internal sealed class HeldMailWatch(IMessageQueue queue, Func<string, CancellationToken, ValueTask<bool>> isKnown, ILogger<HeldMailWatch> log)
    : IDisposable
{
    /// <summary>Messages looked at in one piece.</summary>
    private const int PageSize = 1000;

    private readonly CancellationTokenSource _end = new();
    private long _arrivals;
    private int _isLooking;

    /// <summary>
    /// How many arrivals there have been. Who tried a message while this changed cannot know whether it was tried with what arrived.
    /// </summary>
    public long Arrivals => Interlocked.Read(ref _arrivals);

    /// <summary>Tells that there may be certificates that were not there before, and returns at once.</summary>
    public void Announce()
    {
        Interlocked.Increment(ref _arrivals);
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = Task.Run(LookAsync);
        }
    }

    /// <summary>Makes one message due if there is a certificate for a recipient of its.</summary>
    public async ValueTask WakeAsync(QueueId message, IEnumerable<EnvelopeRecipient> waiting, CancellationToken cancellationToken)
    {
        foreach (var recipient in waiting)
        {
            if (await isKnown(recipient.Path.Address, cancellationToken))
            {
                await queue.RetryAsync(new QueueFilter { Ids = [message] }, cancellationToken);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task LookAsync()
    {
        long seen;
        do
        {
            seen = Arrivals;
            try
            {
                await WakeAsync(_end.Token);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
            {
                // The gateway stops; it looks again when it starts.
                return;
            }
#pragma warning disable CA1031 // The one broad catch of this loop: what breaks one look must not prevent the next.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                HeldReleaseLog.WatchBroke(log, exception);
            }

            Interlocked.Exchange(ref _isLooking, 0);
        }
        while (Arrivals != seen && Interlocked.Exchange(ref _isLooking, 1) == 0);
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        var known = new Dictionary<ComparableAddress, bool>();
        var filter = new QueueFilter { State = QueueState.Waiting };
        var (waiting, woken) = (0, 0);
        while (queue.Summarize().Waiting > 0)
        {
            var page = await queue.ListAsync(filter, PageSize, cancellationToken);
            var due = new List<QueueId>();
            foreach (var message in page)
            {
                if (await IsReleasedAsync(message, known, cancellationToken))
                {
                    due.Add(message.Id);
                }
            }

            if (due.Count > 0)
            {
                woken += (await queue.RetryAsync(new QueueFilter { Ids = due }, cancellationToken)).Count;
            }

            waiting += page.Count;
            if (page.Count < PageSize)
            {
                break;
            }

            filter = filter with { After = page[^1].Id };
        }

        if (waiting > 0)
        {
            HeldReleaseLog.Woken(log, woken, waiting);
        }
    }

    private async ValueTask<bool> IsReleasedAsync(QueueListing message, Dictionary<ComparableAddress, bool> known, CancellationToken cancellationToken)
    {
        foreach (var pending in message.Recipients)
        {
            var address = pending.Recipient.Path.Address;
            var key = ComparableAddress.Of(pending.Recipient.Path);
            if (!known.TryGetValue(key, out var isThere))
            {
                isThere = await isKnown(address, cancellationToken);
                known.Add(key, isThere);
            }

            if (isThere)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What is done about messages that wait for a certificate.</summary>
/// <param name="Release">Tries to release them.</param>
/// <param name="Watch">Makes them due when certificates arrive.</param>
internal sealed record HeldSteps(HeldRelease Release, HeldMailWatch Watch);
