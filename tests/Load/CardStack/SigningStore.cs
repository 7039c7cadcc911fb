using System.Buffers;
using MimeKit;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace SmimeGateway.CardStack;

/// <summary>Signs each message, writes it to a file that is flushed, and leaves it to the relay.</summary>
internal sealed class SigningStore(ISigning signing, string folder, Relay relay) : MessageStore
{
    private long _number;

    public override async Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream(buffer.ToArray());
        var message = await MimeMessage.LoadAsync(received, cancellationToken);
        message.Body = signing.Sign(message.Body ?? new TextPart("plain"));

        var path = Path.Combine(folder, $"{Interlocked.Increment(ref _number)}.eml");
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
        {
            await message.WriteToAsync(file, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        await relay.AddAsync(new Spooled(path, message, Address(transaction.From), [.. transaction.To.Select(Address)]), cancellationToken);
        return SmtpResponse.Ok;
    }

    private static MailboxAddress Address(IMailbox mailbox) => new("", $"{mailbox.User}@{mailbox.Host}");
}

/// <summary>A message that was answered with 250.</summary>
internal sealed record Spooled(string Path, MimeMessage Message, MailboxAddress Sender, IReadOnlyList<MailboxAddress> Recipients);
