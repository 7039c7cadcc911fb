using System.Net;

namespace SmimeGateway.Smtp.Tests;

/// <summary>A server that takes everything, or nearly.</summary>
internal static class SomeServer
{
    public const string RefusedAddress = "refused@example.com";

    public static SmtpServerOptions Options { get; } = new() { HostName = "gateway.example.com", MaxMessageBytes = 100_000, MaxRecipients = 3 };

    public static SmtpSessionIdentity Identity { get; } = new("S1", "internal", new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40000));

    public static SmtpReply Queued { get; } = SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "queued");

    /// <summary>Keeps every message, and refuses one address at MAIL and at RCPT.</summary>
    public static SmtpServerPolicy Collect(List<ReceivedMessage> messages) => new()
    {
        CheckSender = (_, path, _, _) => ValueTask.FromResult(path.Address == RefusedAddress ? Replies.ClientNotAllowed : null),
        CheckRecipient = (_, path, _) => ValueTask.FromResult(path.Address == RefusedAddress ? Replies.NoRoute : null),
        HandleMessage = (message, _) =>
        {
            messages.Add(message);
            return ValueTask.FromResult(Queued);
        },
    };

    /// <summary>Answers every message with this.</summary>
    public static SmtpServerPolicy Answer(Func<ReceivedMessage, SmtpReply> reply) =>
        new() { HandleMessage = (message, _) => ValueTask.FromResult(reply(message)) };
}
