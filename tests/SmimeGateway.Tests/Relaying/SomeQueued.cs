using System.Text;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Relaying;

/// <summary>Queued messages whose details do not matter.</summary>
internal static class SomeQueued
{
    private static int _number;

    public static DateTimeOffset Accepted { get; } = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static QueuedMessage To(params string[] recipients) => From("alice@example.com", recipients);

    public static QueuedMessage From(string sender, params string[] recipients)
    {
        var number = Interlocked.Increment(ref _number);
        var envelope = new Envelope(
            sender.Length == 0 ? MailPath.Null : Path(sender), [.. recipients.Select(text => new EnvelopeRecipient(Path(text)))]);
        var content = Encoding.ASCII.GetBytes($"Subject: number {number}\r\nX-Id: {number}\r\n\r\nBody.\r\n");
        return new QueuedMessage(new QueueId($"Q{number:00000000000}"), envelope, content, Accepted, 0);
    }

    public static MailPath Path(string text) =>
        MailPath.TryParse(text, out var path) ? path : throw new ArgumentException(text, nameof(text));
}
