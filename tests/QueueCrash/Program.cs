using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

// Enqueues and delivers until it is killed. Each line on standard output is one fact that must hold afterwards:
// "+ID HASH" after a message was accepted, "-ID HASH" before a delivery is recorded, "=ID" after it was.
// With "drain" it delivers what is left and ends.
var folder = args[0];
var isDraining = args.Length > 1 && args[1] == "drain";
await using var output = Console.OpenStandardOutput();
var recipient = MailPath.TryParse("bob@example.net", out var path) ? new EnvelopeRecipient(path) : throw new InvalidOperationException();
var envelope = new Envelope(MailPath.Null, [recipient]);
var delivered = new DeliveryStatus(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 ok", null);
await using var queue = DiskQueue.Open(
    new DiskQueueOptions(folder) { SegmentBytes = 1_000_000 }, TimeProvider.System, NullLogger<DiskQueue>.Instance);
Say("ready");
if (isDraining)
{
    for (var left = queue.Summarize().Messages; left > 0; left--)
    {
        await DeliverAsync();
    }

    Say("drained");
    return;
}

await Task.WhenAll([.. Enumerable.Range(0, 20).Select(_ => Task.Run(SendAsync)), .. Enumerable.Range(0, 8).Select(_ => Task.Run(ReceiveAsync))]);

async Task SendAsync()
{
    while (true)
    {
        var content = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(100) == 0 ? 300_000 : 10_000);
        var outcome = await queue.EnqueueAsync([OwnReport.Protect(envelope, content)], CancellationToken.None);
        if (outcome.IsStored)
        {
            Say($"+{outcome.Ids[0]} {Hash(content)}");
        }
    }
}

async Task ReceiveAsync()
{
    while (true)
    {
        await DeliverAsync();
    }
}

async Task DeliverAsync()
{
    var message = await queue.TakeAsync(CancellationToken.None);
    Say($"-{message.Id} {Hash(message.Content.Read().Span)}");
    await queue.RecordAsync(message, new AttemptRecord([new RecipientProgress(recipient, delivered)], default, []), CancellationToken.None);
    Say($"={message.Id}");
}

// One write per line: what a killed process has said is in the pipe, whole.
void Say(string line) => output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line}\n")));

static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 8));
