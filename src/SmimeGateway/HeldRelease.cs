using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>What trying to release a message came to.</summary>
/// <param name="Results">One for each recipient of the message, in its order: released, refused, or still waiting.</param>
/// <param name="Successors">The encrypted messages for those released.</param>
internal sealed record ReleaseResult(IReadOnlyList<DeliveryResult> Results, IReadOnlyList<PreparedMessage> Successors);

/// <summary>
/// Tries to release messages that wait for a certificate: opens the seal and prepares the message again by the rules in force. Whatever
/// these say, it leaves encrypted, ends in a report, or stays sealed.
/// </summary>
/// <param name="key">Gives the key that opens seals.</param>
/// <param name="prepare">Stages 2 to 5 by the rules in force.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears the story of each message.</param>
internal sealed class HeldRelease(
    Func<HoldKey> key, Func<InboundMessage, CancellationToken, ValueTask<Prepared>> prepare, TimeProvider time, ILogger<HeldRelease> log)
    : IDisposable
{
    /// <summary>What the log names where it has a next hop for other mail.</summary>
    private const string Place = "the gateway itself";

    /// <summary>More at a time would only wait for the same processors, and for the memory that sessions want as well.</summary>
    private const int ReleasesAtOnce = 2;

    private const int MaxReason = 500;

    // As for mail that arrives: a look-up that takes longer is in trouble.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // What it became reports its own delivery, so the status promises nothing more here.
    private static readonly DeliveryStatus Released =
        new(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "Released.", RemoteMta: null) { IsReportedByNextHop = true };

    private readonly SemaphoreSlim _places = new(ReleasesAtOnce);

    /// <summary>The memory that messages share; null where nobody counts.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>Tries once.</summary>
    /// <param name="message">A message with <see cref="Protection.Held"/>.</param>
    /// <param name="cancellationToken">Ends the attempt, of which nothing is left then.</param>
    public async ValueTask<ReleaseResult> TryAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            using var lease = await TakeMemoryAsync(message, cancellationToken);
            if (Memory is not null && lease is null)
            {
                return All(message, Waiting(new EnhancedStatus(4, 3, 1), "Held: there was no memory to open it."), null);
            }

            if (!TryOpen(message, out var opened, out var fault))
            {
                return StaySealed(message, fault!);
            }

            HeldReleaseLog.Opened(log, message.Id.Value, opened!.Session.SessionId);
            var counted = lease is null ? opened : opened with { EnsureMemory = (octets, waiting) => lease.EnsureAsync(message.Content.Length + octets, waiting) };
            return Judge(message, await PrepareAsync(counted, cancellationToken));
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async ValueTask<MemoryLease?> TakeMemoryAsync(QueuedMessage message, CancellationToken cancellationToken) =>
        Memory is null ? null : await MemoryLease.TakeAsync(Memory, (MemoryBudget.CostPerOctet + 1) * message.Content.Length, cancellationToken);

    private bool TryOpen(QueuedMessage message, out InboundMessage? opened, out string? fault)
    {
        try
        {
            return HeldMail.TryOpen(message.Content.Read(), message.Envelope, key(), out opened, out fault);
        }
        catch (Exception trouble) when (trouble is IOException or CryptographicException)
        {
            // The key is not there or is no key; an administrator can put it back.
            opened = null;
            fault = trouble.Message;
            return false;
        }
    }

    private async ValueTask<Prepared> PrepareAsync(InboundMessage opened, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await prepare(opened.Unhurried(deadline, Deadline), either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            return Prepared.RefusedFor(opened, Verdicts.TookTooLong(late));
        }
    }

    private ReleaseResult StaySealed(QueuedMessage message, string fault)
    {
        HeldReleaseLog.NotOpened(log, message.Id.Value, fault);
        var atEnd = new DeliveryStatus(
            DeliveryAction.Failed, new EnhancedStatus(5, 3, 0), "The message was held for want of a certificate, and can no longer be opened.", RemoteMta: null);
        return All(message, Waiting(new EnhancedStatus(4, 3, 0), "Held: the seal does not open: " + fault), atEnd);
    }

    private ReleaseResult Judge(QueuedMessage message, Prepared prepared)
    {
        var results = new Dictionary<EnvelopeRecipient, DeliveryResult>();
        var successors = new List<PreparedMessage>(prepared.Messages.Count);
        var plain = prepared.StillHeld.Where(held => held.WouldBePlain).Select(held => held.Reason).ToHashSet();
        foreach (var ready in prepared.Messages)
        {
            if (ready.Message.IsEncrypted)
            {
                successors.Add(ready);
                foreach (var recipient in ready.Message.Envelope.Recipients)
                {
                    results[recipient] = new DeliveryResult(recipient, Released, Place) { IsReleased = true };
                }
            }
            else
            {
                plain.Add($"rule \"{ready.RuleName}\" would not encrypt it");
            }
        }

        if (successors.Count > 0)
        {
            log.Lacked(message.Id.Value, prepared.Lacks);
        }

        if (plain.Count > 0)
        {
            HeldReleaseLog.WouldBePlain(log, message.Id.Value, ShortList.Of(plain, "; "));
        }

        foreach (var (recipients, outcome) in prepared.Refused)
        {
            foreach (var recipient in recipients)
            {
                results[recipient] = Refuse(recipient, outcome);
            }
        }

        // Who is not told of otherwise waits.
        foreach (var held in prepared.StillHeld)
        {
            results[held.Recipient] = Missing(held.Recipient, held.Reason);
        }

        return new ReleaseResult(
            [.. message.Envelope.Recipients.Select(recipient =>
                results.TryGetValue(recipient, out var result) ? result : Missing(recipient, "the rules in force would not encrypt it"))],
            successors);
    }

    private static DeliveryResult Refuse(EnvelopeRecipient recipient, Outcome refusal)
    {
        var text = string.Join(' ', refusal.Reply.Lines);
        var status = refusal is Rejected
            ? new DeliveryStatus(DeliveryAction.Failed, refusal.Reply.Status ?? new EnhancedStatus(5, 7, 5), Printable(text), RemoteMta: null)
            : Waiting(refusal.Reply.Status ?? new EnhancedStatus(4, 7, 5), "Held: " + text);
        return new DeliveryResult(recipient, status, Place);
    }

    private static ReleaseResult All(QueuedMessage message, DeliveryStatus status, DeliveryStatus? atEnd) => new(
        [.. message.Envelope.Recipients.Select(recipient => new DeliveryResult(recipient, status, Place) { AtEnd = atEnd })],
        []);

    private static DeliveryResult Missing(EnvelopeRecipient recipient, string reason) =>
        new(recipient, Waiting(new EnhancedStatus(4, 7, 5), "Held: no certificate to encrypt to: " + reason), Place)
        {
            AtEnd = new DeliveryStatus(
                DeliveryAction.Failed, new EnhancedStatus(5, 7, 5), Printable("No certificate to encrypt to appeared in time: " + reason), RemoteMta: null),
        };

    private static DeliveryStatus Waiting(EnhancedStatus status, string text) =>
        new(DeliveryAction.Delayed, status, Printable(text), RemoteMta: null);

    // Reasons quote what stands in certificates.
    private static string Printable(string text) =>
        string.Concat(text.Take(MaxReason).Select(character => char.IsControl(character) ? '?' : character));
}
