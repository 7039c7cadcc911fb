using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// The content of a message as a server can take it: itself, or in short lines where one that does not offer CHUNKING takes no others. What
/// is written anew is in memory as long as it is sent, and counts there.
/// </summary>
internal sealed class FitContent : IDisposable
{
    /// <summary>What the recipients are told when there is no memory to write it anew.</summary>
    public static readonly DeliveryStatus NoMemory = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 3, 1), "There was no memory to write the message in lines that the next hop takes.", null);

    private readonly MemoryLease? _lease;

    private FitContent(MessageContent? content, MemoryLease? lease)
    {
        Content = content;
        _lease = lease;
    }

    /// <summary>The content; null when there was no memory for it.</summary>
    public MessageContent? Content { get; }

    /// <summary>Makes it.</summary>
    /// <param name="content">The content as it is in the queue.</param>
    /// <param name="takesLongLines">True for a server that offers CHUNKING.</param>
    /// <param name="memory">The memory that messages share; null where nobody counts.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    public static async ValueTask<FitContent> MakeAsync(
        MessageContent content, bool takesLongLines, MemoryBudget? memory, CancellationToken cancellationToken)
    {
        if (takesLongLines || !ShortLines.MayBeNeeded(content.Blocks))
        {
            return new FitContent(content, null);
        }

        var lease = memory is null ? null : await MemoryLease.TakeAsync(memory, MemoryBudget.CostPerOctet * content.Length, cancellationToken);
        if (memory is not null && lease is null)
        {
            return new FitContent(null, null);
        }

        try
        {
            var whole = content.Read();
            var shortened = ShortLines.Make(whole);
            return new FitContent(shortened.Equals(whole) ? content : shortened, lease);
        }
        catch
        {
            lease?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lease?.Dispose();
}
