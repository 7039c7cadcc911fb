using System.Collections.Concurrent;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests;

/// <summary>A way out that leads nowhere: every recipient gets the status that the test says, at once.</summary>
internal sealed class AnsweringDelivery(int width) : IDelivery
{
    public Func<EnvelopeRecipient, DeliveryStatus> Answer { get; set; } = _ => Answers.Accepted;

    /// <summary>True when nothing can be reached, so that nothing is tried.</summary>
    public bool IsOut { get; set; }

    /// <summary>Every attempt, in their order.</summary>
    public ConcurrentQueue<QueuedMessage> Attempts { get; } = new();

    public string Name => "nowhere";

    public int Width => width;

    public ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        Attempts.Enqueue(message);

        // Read before the answers: a test that lets mail out while an attempt is made sets the answer first.
        var isUntried = IsOut;
        return ValueTask.FromResult(new DeliveryAttempt([.. message.Envelope.Recipients.Select(Answer)]) { IsUntried = isUntried });
    }

    public RouteStatus Look(IReadOnlyList<string> recipients) => new(recipients, Name, 0, Width, default, []);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
