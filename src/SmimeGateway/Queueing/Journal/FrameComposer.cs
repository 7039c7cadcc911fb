using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Queueing.Journal;

/// <summary>Puts frames together on the caller's thread, so that the one writer has nothing to do but write.</summary>
/// <param name="folder">Where large messages get their own files.</param>
/// <param name="ownFileBytes">Longer messages do.</param>
/// <param name="inlineBytes">So do those that would make one frame longer than this.</param>
/// <param name="lastSequence">The highest number of any message in the queue.</param>
/// <param name="time">The clock.</param>
internal sealed class FrameComposer(
    IJournalFolder folder, long ownFileBytes, long inlineBytes, long lastSequence, TimeProvider time) : IDisposable
{
    /// <summary>More large files at once only make the disk jump between them, and each costs a thread.</summary>
    private const int OwnFilesAtOnce = 2;

    /// <summary>262,144 numbers for each millisecond since 1970: a queue whose files were all lost still never gives a number twice.</summary>
    private const int BitsBelowMillisecond = 18;

    private readonly SemaphoreSlim _ownFiles = new(OwnFilesAtOnce);
    private long _lastSequence = Math.Max(lastSequence, time.GetUtcNow().ToUnixTimeMilliseconds() << BitsBelowMillisecond);

    /// <summary>The frame of one transaction. Large messages are in their files, flushed and named, when it returns.</summary>
    /// <exception cref="IOException">One of them could not be written; nothing is left behind.</exception>
    public ValueTask<ComposedFrame> ComposeAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken) =>
        AddAsync(new FrameDraft(), messages, mayUseOwnFiles: true, cancellationToken);

    /// <summary>The frame of an attempt that ended, with the messages that follow from it.</summary>
    /// <param name="attempted">The message that was tried.</param>
    /// <param name="state">How far it has come.</param>
    /// <param name="pending">What its pending recipients heard.</param>
    /// <param name="successors">The messages that follow.</param>
    /// <param name="mayUseOwnFiles">
    /// False for what cannot be taken back: in the frame itself the successors cannot fail apart from the record they belong to.
    /// </param>
    /// <param name="cancellationToken">Ends waiting for a file to be written.</param>
    /// <exception cref="IOException">A large message could not be written; nothing is left behind.</exception>
    public ValueTask<ComposedFrame> ComposeAsync(
        QueueEntry attempted, DeliveryState state, IReadOnlyList<RecipientStatus> pending, IReadOnlyList<ProtectedMessage> successors,
        bool mayUseOwnFiles, CancellationToken cancellationToken)
    {
        var frame = new FrameDraft();
        if (state.Ended.Count == attempted.Recipients)
        {
            frame.AddEnded(attempted.Sequence);
        }
        else
        {
            frame.AddProgress(attempted.Sequence, state, attempted.Recipients, pending);
        }

        if (successors.Count > 0)
        {
            return AddAsync(frame, successors, mayUseOwnFiles, cancellationToken);
        }

        frame.Seal();
        return ValueTask.FromResult(new ComposedFrame(frame, []));
    }

    /// <summary>Writes the file of a message whose frame comes later.</summary>
    /// <exception cref="IOException">It could not be written; nothing is left behind.</exception>
    public async ValueTask<ProtectedMessage> LayDownAsync(ProtectedMessage message, CancellationToken cancellationToken)
    {
        var place = new LaidContent(Interlocked.Increment(ref _lastSequence), Crc32C.Of(message.Content.Span));
        await WriteOwnFileAsync(place.Sequence, message.Content, cancellationToken);
        return message.LaidDown(place);
    }

    /// <summary>Removes the files of messages that were laid down.</summary>
    public void Discard(IEnumerable<ProtectedMessage> messages)
    {
        foreach (var place in messages.Select(static message => message.Place).OfType<LaidContent>())
        {
            RemoveOwnFile(place.Sequence);
        }
    }

    /// <summary>Removes the files of messages that were refused after all.</summary>
    public void RemoveOwnFiles(IReadOnlyList<QueueEntry> entries)
    {
        foreach (var entry in entries.Where(static entry => entry.IsOwnFile))
        {
            RemoveOwnFile(entry.Sequence);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _ownFiles.Dispose();

    private void RemoveOwnFile(long sequence)
    {
        try
        {
            folder.Delete(OwnFile.NameOf(sequence));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // No record names it; the next start removes it.
        }
    }

    private async ValueTask<ComposedFrame> AddAsync(
        FrameDraft frame, IReadOnlyList<ProtectedMessage> messages, bool mayUseOwnFiles, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcTicks;
        var entries = new QueueEntry[messages.Count];
        var written = 0;
        try
        {
            long inline = 0;
            for (; written < messages.Count; written++)
            {
                if (messages[written].Place is LaidContent laid)
                {
                    entries[written] = Add(frame, messages[written], now, laid);
                    continue;
                }

                var content = messages[written].Content;
                var isOwnFile = mayUseOwnFiles && (content.Length > ownFileBytes || inline + content.Length > inlineBytes);
                var entry = Add(frame, messages[written], now, isOwnFile);
                entries[written] = entry;
                if (isOwnFile)
                {
                    await WriteOwnFileAsync(entry.Sequence, content, cancellationToken);
                }
                else
                {
                    inline += content.Length;
                }
            }
        }
        catch
        {
            // What was laid down before is the caller's, who may try the same again.
            for (var i = 0; i < written; i++)
            {
                if (entries[i].IsOwnFile && messages[i].Place is null)
                {
                    RemoveOwnFile(entries[i].Sequence);
                }
            }

            frame.Release();
            throw;
        }

        frame.Seal();
        return new ComposedFrame(frame, entries);
    }

    private static QueueEntry Add(FrameDraft frame, ProtectedMessage message, long now, LaidContent laid)
    {
        frame.AddMessage(
            new MessageEntry(laid.Sequence, now, message.Envelope, message.Protection, message.Length, laid.Checksum, IsOwnFile: true), default);
        return new QueueEntry(laid.Sequence, now, message.Envelope.Recipients.Count, message.Length, isOwnFile: true);
    }

    private QueueEntry Add(FrameDraft frame, ProtectedMessage message, long now, bool isOwnFile)
    {
        var sequence = Interlocked.Increment(ref _lastSequence);
        var content = message.Content;
        frame.AddMessage(
            new MessageEntry(sequence, now, message.Envelope, message.Protection, content.Length, Crc32C.Of(content.Span), isOwnFile),
            content);
        return new QueueEntry(sequence, now, message.Envelope.Recipients.Count, content.Length, isOwnFile)
        {
            IsSealed = message.Protection == Protection.Held,
            Cached = new CachedMessage(message.Envelope, message.Protection, content),
        };
    }

    private async Task WriteOwnFileAsync(long sequence, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _ownFiles.WaitAsync(cancellationToken);
        try
        {
            // A thread of its own, because flushing 50 MB takes a while and the sessions need those of the pool.
            await Task.Factory.StartNew(
                () => OwnFile.Write(folder, sequence, content), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _ownFiles.Release();
        }
    }

    /// <summary>Content that has its file already.</summary>
    private sealed record LaidContent(long Sequence, uint Checksum);
}
