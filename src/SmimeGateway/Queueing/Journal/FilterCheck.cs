using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>Says whether a filter means a message, as far as memory knows and then by its envelope.</summary>
internal sealed class FilterCheck
{
    private readonly QueueFilter _filter;
    private readonly HashSet<long>? _sequences;
    private readonly long _acceptedBeforeTicks;
    private readonly long _after;

    public FilterCheck(QueueFilter filter)
    {
        _filter = filter;
        _acceptedBeforeTicks = filter.AcceptedBefore?.UtcTicks ?? long.MaxValue;
        _after = filter.After is { } after && after.TryGetSequence(out var last) ? last : long.MinValue;
        if (filter.Ids.Count > 0)
        {
            _sequences = [];
            foreach (var id in filter.Ids)
            {
                if (id.TryGetSequence(out var sequence))
                {
                    _sequences.Add(sequence);
                }
            }
        }
    }

    /// <summary>True when the envelope has to be read.</summary>
    public bool AsksForEnvelope => _filter.Sender is not null || _filter.Recipient is not null;

    /// <summary>The state of a message as an administrator sees it.</summary>
    public static QueueState StateOf(QueueEntry entry, Turn turn) => turn switch
    {
        Turn.Taken => QueueState.Active,
        Turn.Held => QueueState.Held,
        _ when entry.IsSealed => QueueState.Waiting,
        Turn.Deferred => QueueState.Deferred,
        _ => QueueState.Fresh,
    };

    /// <summary>True when nothing but the envelope can speak against it.</summary>
    public bool MayFit(QueueEntry entry) =>
        entry.AcceptedTicks < _acceptedBeforeTicks
        && entry.Sequence > _after
        && (_sequences is null || _sequences.Contains(entry.Sequence))
        && (_filter.State is not { } state || state == StateOf(entry, entry.Turn));

    /// <summary>True when the envelope, with the recipients that are pending, is meant.</summary>
    public bool Fits(Envelope envelope) =>
        (_filter.Sender is not { } sender || sender(envelope.ReversePath))
        && (_filter.Recipient is not { } recipient || envelope.Recipients.Any(pending => recipient(pending.Path)));
}
