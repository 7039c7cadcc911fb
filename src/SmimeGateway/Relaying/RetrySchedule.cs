using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Queueing;

namespace SmimeGateway.Relaying;

/// <summary>When a delayed message is tried again, and when it is given up.</summary>
/// <param name="options">The pauses and the end.</param>
/// <param name="jitter">Returns a number from 0 to 1: spreads the retries of messages that failed together.</param>
internal sealed class RetrySchedule(QueueOptions options, Func<double> jitter)
{
    private const double ShortestShare = 0.75;
    private const double LongestShare = 1.25;

    private static readonly TimeSpan PauseWhenTurnedAway = TimeSpan.FromSeconds(30);

    private readonly int _leastAttempts = CountAttempts(options);

    /// <summary>A schedule with jitter of its own.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "Nothing is gained by guessing when a retry comes.")]
    public RetrySchedule(QueueOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    /// <summary>When to try again after an attempt that failed, or null to give up.</summary>
    /// <param name="accepted">When the message was accepted.</param>
    /// <param name="attempts">Attempts before the one that just failed.</param>
    /// <param name="now">When it failed.</param>
    public DateTimeOffset? NextAttempt(DateTimeOffset accepted, int attempts, DateTimeOffset now)
    {
        var deadline = accepted + options.GiveUpAfter;

        // Time alone proves nothing: the clock may have jumped, or the gateway may have been off for a week.
        if (now >= deadline && attempts + 1 >= _leastAttempts)
        {
            return null;
        }

        var next = now + Spread(options.Retry[Math.Min(attempts, options.Retry.Count - 1)]);

        // The last attempt comes when the time is up, not a pause later.
        return now < deadline && next > deadline ? deadline : next;
    }

    /// <summary>When to look again after the next hop was too busy to be tried at all.</summary>
    public DateTimeOffset NextLook(DateTimeOffset now) => now + Spread(PauseWhenTurnedAway);

    private TimeSpan Spread(TimeSpan pause) => pause * (ShortestShare + (jitter() * (LongestShare - ShortestShare)));

    // How many attempts the pauses leave room for before the end: so many at least were made when a message is given up.
    private static int CountAttempts(QueueOptions options)
    {
        var attempts = 1;
        var elapsed = TimeSpan.Zero;
        while (attempts < options.Retry.Count && (elapsed += options.Retry[attempts - 1] * LongestShare) <= options.GiveUpAfter)
        {
            attempts++;
        }

        return attempts;
    }
}
