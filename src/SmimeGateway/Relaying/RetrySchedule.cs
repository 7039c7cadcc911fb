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

    private readonly Trials _end = Trials.Within(options, options.GiveUpAfter);
    private readonly Trials _warning = Trials.Within(options, options.WarnAfter);

    /// <summary>A schedule with jitter of its own.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "Nothing is gained by guessing when a retry comes.")]
    public RetrySchedule(QueueOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    /// <summary>When to try again after an attempt that failed, or null to give up.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">When it failed.</param>
    public DateTimeOffset? NextAttempt(QueuedMessage message, DateTimeOffset now)
    {
        var left = options.GiveUpAfter - message.Age;

        // Time alone proves nothing: the gateway may have been off for a week, or its clock may have been wrong when it started.
        if (left <= TimeSpan.Zero && _end.AreEnough(message.Attempts, message.Waited))
        {
            return null;
        }

        var pause = Spread(options.Retry[Math.Min(message.Attempts, options.Retry.Count - 1)]);

        // The last attempt comes when the time is up, not a pause later.
        return now + (left > TimeSpan.Zero && pause > left ? left : pause);
    }

    /// <summary>Whether a sender who was not warned yet is to be warned after an attempt that failed.</summary>
    public bool IsWarningDue(QueuedMessage message) => message.Age >= options.WarnAfter && _warning.AreEnough(message.Attempts, message.Waited);

    /// <summary>Whether a sender must hear of mail that cannot even be tried: of the delay, or of the end.</summary>
    public bool MustTell(QueueWait wait)
    {
        var (after, trials) = wait.IsDelayReported ? (options.GiveUpAfter, _end) : (options.WarnAfter, _warning);
        return wait.Age >= after && trials.AreEnough(wait.Attempts, wait.Waited);
    }

    /// <summary>When a message of this age will be given up.</summary>
    public DateTimeOffset End(TimeSpan age, DateTimeOffset now) => now + (age < options.GiveUpAfter ? options.GiveUpAfter - age : TimeSpan.Zero);

    private TimeSpan Spread(TimeSpan pause) => pause * (ShortestShare + (jitter() * (LongestShare - ShortestShare)));

    /// <summary>How much trying has to go before a message is given up, or its sender warned.</summary>
    /// <param name="Attempts">So many, as the pauses leave room for.</param>
    /// <param name="Time">
    /// Or waiting so long with the gateway running, as they would have taken: mail of a route that cannot be reached is not tried one by one.
    /// </param>
    private readonly record struct Trials(int Attempts, TimeSpan Time)
    {
        public static Trials Within(QueueOptions options, TimeSpan time)
        {
            var attempts = 1;
            var elapsed = TimeSpan.Zero;
            while (attempts < options.Retry.Count && elapsed + (options.Retry[attempts - 1] * LongestShare) is var next && next <= time)
            {
                elapsed = next;
                attempts++;
            }

            return new Trials(attempts, elapsed);
        }

        public bool AreEnough(int attempts, TimeSpan waited) => attempts + 1 >= Attempts || waited >= Time;
    }
}
