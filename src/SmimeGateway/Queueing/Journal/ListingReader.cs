using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// Reads envelopes and last statuses in one walk over the queue. It keeps the frame read last: messages that were moved share one with
/// their neighbours.
/// </summary>
internal sealed class ListingReader(QueueBook book, DueOrder order)
{
    private readonly Dictionary<long, MessageEntry> _messages = [];
    private EntryPlace? _lastPlace;

    /// <summary>What an administrator sees of a message; null when it is gone, or cannot be read.</summary>
    public QueueListing? Read(QueueEntry entry)
    {
        if (Find(entry) is not { } found || entry.IsGone)
        {
            return null;
        }

        var (whole, protection) = found;
        var state = book.StateOf(entry);
        var envelope = MessageReader.Pending(whole, state.Ended);
        if (envelope.Recipients.Count == 0)
        {
            return null;
        }

        var turn = entry.Turn;
        var accepted = new DateTimeOffset(entry.AcceptedTicks, TimeSpan.Zero);
        return new QueueListing(
            QueueId.FromSequence(entry.Sequence), envelope, Recipients(entry, whole, state), entry.ContentLength, accepted,
            FilterCheck.StateOf(entry, turn), state.Attempts,
            turn switch { Turn.Deferred => order.DueTime(entry), Turn.Fresh when state.Attempts == 0 => accepted, Turn.Fresh => order.DueTime(entry), _ => null })
        {
            Protection = protection,
        };
    }

    private static List<QueuedRecipient> Recipients(QueueEntry entry, Envelope whole, DeliveryState state)
    {
        var heard = MessageReader.ReadStatuses(entry).ToLookup(static status => status.Place, static status => status.Status);
        var recipients = new List<QueuedRecipient>(whole.Recipients.Count);
        for (var place = 0; place < whole.Recipients.Count; place++)
        {
            if (!state.Ended.Contains(place))
            {
                recipients.Add(new QueuedRecipient(whole.Recipients[place], heard[place].FirstOrDefault()));
            }
        }

        return recipients;
    }

    private (Envelope Envelope, Protection? Protection)? Find(QueueEntry entry)
    {
        if (entry.Cached is { } cached)
        {
            return (cached.Envelope, cached.Protection);
        }

        while (entry.Place is { } place)
        {
            try
            {
                if (place != _lastPlace)
                {
                    Remember(place);
                }

                return _messages.TryGetValue(entry.Sequence, out var message) ? (message.Envelope, message.Protection) : null;
            }
            catch (ObjectDisposedException) when (entry.Place != place)
            {
                // It was moved, and its old segment removed.
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // Delivery finds out as well, and says so in the log.
                break;
            }
        }

        return null;
    }

    private void Remember(EntryPlace place)
    {
        _messages.Clear();
        foreach (var message in MessageReader.ReadFrame(place)?.OfType<MessageEntry>() ?? [])
        {
            _messages[message.Sequence] = message;
        }

        _lastPlace = place;
    }
}
