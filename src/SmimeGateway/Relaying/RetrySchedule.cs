using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Queueing;

namespace SmimeGateway.Relaying;

/// <summary>When a delayed message is tried again, when its sender is warned, and when it is given up.</summary>
/// <param name="options">The pauses and the end.</param>
/// <param name="jitter">Returns a number from 0 to 1: spreads the retries of messages that failed together.</param>
internal sealed class RetrySchedule(QueueOptions options, Func<double> jitter)
{
    private const double ShortestShare = 0.75;
    private const double LongestShare = 1.25;

    private static readonly TimeSpan PauseWhenTurnedAway = TimeSpan.FromSeconds(30);

    private readonly int _attemptsBeforeEnd = CountAttempts(options, options.GiveUpAfter);
    private readonly int _attemptsBeforeWarning = CountAttempts(options, options.WarnAfter);

    /// <summary>A schedule with jitter of its own.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "Nothing is gained by guessing when a retry comes.")]
    public RetrySchedule(QueueOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    /// <summary>When to try again after an attempt that failed, or null to give up.</summary>
    /// <param name="age">How long the message has been in the queue.</param>
    /// <param name="attempts">Attempts before the one that just failed.</param>
    /// <param name="now">When it failed.</param>
    public DateTimeOffset? NextAttempt(TimeSpan age, int attempts, DateTimeOffset now)
    {
        var left = options.GiveUpAfter - age;

        // Time alone proves nothing: the gateway may have been off for a week, or its clock may have been wrong when it started.
        if (left <= TimeSpan.Zero && attempts + 1 >= _attemptsBeforeEnd)
        {
            return null;
        }

        var pause = Spread(options.Retry[Math.Min(attempts, options.Retry.Count - 1)]);

        // The last attempt comes when the time is up, not a pause later.
        return now + (left > TimeSpan.Zero && pause > left ? left : pause);
    }

    /// <summary>Whether a sender who was not warned yet is to be warned after an attempt that failed.</summary>
    /// <param name="age">How long the message has been in the queue.</param>
    /// <param name="attempts">Attempts before the one that just failed.</param>
    public bool IsWarningDue(TimeSpan age, int attempts) => age >= options.WarnAfter && attempts + 1 >= _attemptsBeforeWarning;

    /// <summary>When a message of this age will be given up.</summary>
    public DateTimeOffset End(TimeSpan age, DateTimeOffset now) => now + (age < options.GiveUpAfter ? options.GiveUpAfter - age : TimeSpan.Zero);

    /// <summary>When to look again after the next hop was too busy to be tried at all.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lookAgainIn">The moment that a route gave the message, or null.</param>
    public DateTimeOffset NextLook(DateTimeOffset now, TimeSpan? lookAgainIn = null) => now + (lookAgainIn ?? Spread(PauseWhenTurnedAway));

    private TimeSpan Spread(TimeSpan pause) => pause * (ShortestShare + (jitter() * (LongestShare - ShortestShare)));

    // How many attempts the pauses leave room for within a time: so many at least were made when a message is given up.
    private static int CountAttempts(QueueOptions options, TimeSpan time)
    {
        var attempts = 1;
        var elapsed = TimeSpan.Zero;
        while (attempts < options.Retry.Count && (elapsed += options.Retry[attempts - 1] * LongestShare) <= time)
        {
            attempts++;
        }

        return attempts;
    }
}
