using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Queueing;

/// <summary>Messages for the queue, and results for the recipients of those taken from it.</summary>
internal static class Mail
{
    public static DeliveryStatus Delivered { get; } = new(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 ok", null);

    public static DeliveryStatus Delayed { get; } = new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 1), "no answer", null);

    public static DeliveryStatus Failed { get; } = new(DeliveryAction.Failed, new EnhancedStatus(5, 1, 1), "550 no such user", null);

    public static MailPath Path(string address) =>
        MailPath.TryParse(address, out var path) ? path : throw new ArgumentException(address);

    public static ProtectedMessage To(string content, params string[] recipients) => To(Encoding.Latin1.GetBytes(content), recipients);

    public static ProtectedMessage To(byte[] content, params string[] recipients) =>
        new(new Envelope(Path("alice@example.com"), [.. recipients.Select(static address => new EnvelopeRecipient(Path(address)))]),
            content, Protection.PassedUnchanged);

    public static ProtectedMessage Sealed(string content, params string[] recipients) =>
        new(new Envelope(Path("alice@example.com"), [.. recipients.Select(static address => new EnvelopeRecipient(Path(address)))]),
            Encoding.Latin1.GetBytes(content), Protection.Held);

    public static ProtectedMessage Some(string content) => To(content, "bob@example.net");

    public static ProtectedMessage OfLength(int bytes) => To(RandomNumberGenerator.GetBytes(bytes), "bob@example.net");

    public static string Text(this QueuedMessage message) => Encoding.Latin1.GetString(message.Content.Read().Span);

    public static async Task<QueueId> AddAsync(this DiskQueue queue, ProtectedMessage message)
    {
        var outcome = await queue.EnqueueAsync([message], CancellationToken.None);
        outcome.Refusal.ShouldBeNull();
        return outcome.Ids.Single();
    }

    public static Task<QueuedMessage> NextAsync(this DiskQueue queue) => TestSupport.Eventually.EndsAsync(queue.TakeAsync(CancellationToken.None).AsTask());

    public static async Task DeliverAsync(this DiskQueue queue, QueuedMessage message) =>
        await queue.RecordAsync(message, All(message, Delivered), CancellationToken.None);

    public static async Task DeferAsync(this DiskQueue queue, QueuedMessage message, DateTimeOffset until) =>
        await queue.RecordAsync(message, All(message, Delayed) with { NextAttempt = until }, CancellationToken.None);

    public static AttemptRecord All(QueuedMessage message, DeliveryStatus status) =>
        new([.. message.Envelope.Recipients.Select(recipient => new RecipientProgress(recipient, status))], default, []);

    /// <summary>Everything that is due now, delivered.</summary>
    public static async Task<IReadOnlyList<QueuedMessage>> DrainAsync(this DiskQueue queue)
    {
        var all = new List<QueuedMessage>();
        while (true)
        {
            using var impatience = new CancellationTokenSource();
            var take = queue.TakeAsync(impatience.Token).AsTask();
            if (!take.IsCompleted)
            {
                await impatience.CancelAsync();
            }

            try
            {
                var message = await take;
                all.Add(message);
                await queue.DeliverAsync(message);
            }
            catch (OperationCanceledException)
            {
                return all;
            }
        }
    }
}
