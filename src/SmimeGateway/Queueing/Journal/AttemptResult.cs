using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>The outcome of an attempt in terms of the places of recipients in the original envelope.</summary>
/// <param name="Ended">All recipients that have ended after the attempt.</param>
/// <param name="Pending">What those heard that are still pending.</param>
internal readonly record struct AttemptResult(RecipientSet Ended, IReadOnlyList<RecipientStatus> Pending)
{
    /// <summary>Translates an outcome.</summary>
    /// <param name="tried">The envelope that was handed out: the recipients that were tried.</param>
    /// <param name="places">The places of its recipients in the original one; null when they are the same.</param>
    /// <param name="endedBefore">Those of the message that had ended before.</param>
    /// <param name="progress">What became of each; one that is not mentioned stays pending.</param>
    public static AttemptResult Of(
        Envelope tried, IReadOnlyList<int>? places, RecipientSet endedBefore, IReadOnlyList<RecipientProgress> progress)
    {
        var ended = new List<int>(progress.Count);
        List<RecipientStatus>? pending = null;
        var isReported = new bool[tried.Recipients.Count];
        var cursor = 0;
        foreach (var result in progress)
        {
            var index = IndexOf(tried.Recipients, result.Recipient, cursor, isReported);
            if (index < 0)
            {
                throw new ArgumentException($"{result.Recipient.Path} is no pending recipient of this message.", nameof(progress));
            }

            isReported[index] = true;
            cursor = index + 1;
            if (result.Status.Action == DeliveryAction.Delayed)
            {
                (pending ??= []).Add(new RecipientStatus(places?[index] ?? index, result.Status));
            }
            else
            {
                ended.Add(places?[index] ?? index);
            }
        }

        return new AttemptResult(endedBefore.With(ended), pending ?? []);
    }

    /// <summary>Results usually come in the order of the envelope, so the search starts behind the last find.</summary>
    private static int IndexOf(IReadOnlyList<EnvelopeRecipient> recipients, EnvelopeRecipient wanted, int start, bool[] isReported)
    {
        for (var step = 0; step < recipients.Count; step++)
        {
            var index = (start + step) % recipients.Count;
            if (!isReported[index] && recipients[index] == wanted)
            {
                return index;
            }
        }

        return -1;
    }
}
