using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Queueing.Journal.Ordering;

/// <summary>Finds the routes of what an earlier run or other routes have left, as it falls due.</summary>
internal sealed class RouteSorter(DueOrder orders, MessageReader reader, JournalWriter writer, ILogger log)
{
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromMinutes(5);

    /// <summary>Sorts until the queue is divided anew or closed.</summary>
    public async Task SortAsync(RouteOrder unsorted)
    {
        // Whoever divides the queue does not wait for the disk.
        await Task.Yield();
        while (!unsorted.IsRetired)
        {
            QueueShare? share = null;
            try
            {
                share = await orders.TakeAsync(unsorted, CancellationToken.None);
                var envelope = share.Entry.Cached?.Envelope ?? MessageReader.ReadEnvelope(share.Entry);
                if (envelope is null)
                {
                    var unreadable = reader.Read(share.Entry, withOwnFile: false, out var message, out _);
                    envelope = IsLost(share, message, unreadable) ? null : message!.Envelope;
                }

                if (envelope is not null)
                {
                    orders.Sort(share, envelope);
                }
            }
            catch (ObjectDisposedException) when (share is null)
            {
                return;
            }
#pragma warning disable CA1031 // The one broad catch of this loop: a message that cannot be sorted must not keep the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                QueueLog.NotSorted(log, share is null ? default : QueueId.FromSequence(share.Entry.Sequence), exception);
                if (share is not null)
                {
                    PutOff(share);
                }
            }
        }
    }

    /// <summary>Lets a message rest that nobody could read for a reason nobody foresaw.</summary>
    public void PutOff(QueueShare share)
    {
        if (share.Entry.IsGone)
        {
            orders.End(share);
        }
        else
        {
            orders.Defer(share, PauseAfterTrouble);
        }
    }

    /// <summary>True when a message was removed in this very moment, or has no envelope any more: then there is nobody to tell.</summary>
    public bool IsLost(QueueShare share, MessageEntry? message, ReadFailure? failure)
    {
        if (share.Entry.IsGone)
        {
            orders.End(share);
            return true;
        }

        if (message is null)
        {
            writer.GiveUp(share.Entry, failure!, share);
        }

        return message is null;
    }
}
