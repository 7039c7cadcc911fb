using System.Buffers;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Queueing.Journal;

/// <summary>Reads a message back from where it was written last, and lets nothing pass whose checksum is wrong.</summary>
internal sealed class MessageReader(IJournalFolder folder, DamagedFolder damaged)
{
    /// <summary>Reads a message to deliver it. Content longer than a block is proved to be good and stays on the disk.</summary>
    /// <param name="entry">The message; durable.</param>
    /// <param name="message">What its frame says; null when that cannot be read.</param>
    /// <param name="content">Its content; who reads it hears that it cannot be read, when that is so.</param>
    /// <returns>Null, or why it cannot be read.</returns>
    public ReadFailure? Open(QueueEntry entry, out MessageEntry? message, out MessageContent content)
    {
        content = new MessageContent(entry.ContentLength, Nothing());
        if (entry.ContentLength > StoredContent.BlockBytes && ReadRecord(entry, out message, out _) is null)
        {
            try
            {
                if (StoredContent.Prove(folder, entry, message!.ContentChecksum) is { } stored)
                {
                    content = stored;
                    return null;
                }
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                return Unreadable(message!, trouble);
            }
        }

        var failure = Read(entry, withOwnFile: true, out message, out var octets);
        content = failure is null ? octets : content;
        return failure;
    }

    /// <summary>Reads a message.</summary>
    /// <param name="entry">The message; durable.</param>
    /// <param name="withOwnFile">True when content that is in a file of its own is wanted too.</param>
    /// <param name="message">What its frame says; null when that cannot be read.</param>
    /// <param name="content">Its content; after damage, what there is in its place.</param>
    /// <returns>Null, or why it cannot be read.</returns>
    public ReadFailure? Read(QueueEntry entry, bool withOwnFile, out MessageEntry? message, out ReadOnlyMemory<byte> content)
    {
        content = default;
        while (true)
        {
            if (ReadRecord(entry, out message, out var place) is { } failure)
            {
                return failure;
            }

            if (message!.IsOwnFile && !withOwnFile)
            {
                return null;
            }

            try
            {
                content = message.IsOwnFile ? ReadOwnFile(message) : ReadContent(place.Segment.File, place.Offset + message.ContentOffset, message);
            }
            catch (ObjectDisposedException) when (entry.Place != place)
            {
                // It was moved, and its old segment removed, between the lines above.
                continue;
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // Disposed: it was removed, and its segment with it, between the lines above.
                return Unreadable(message, trouble);
            }

            return Crc32C.Of(content.Span) == message.ContentChecksum ? null : SetAside(place, message, content);
        }
    }

    /// <summary>The envelope of a message, without its content; null when it cannot be read.</summary>
    public static Envelope? ReadEnvelope(QueueEntry entry)
    {
        while (entry.Place is { } place)
        {
            try
            {
                return ReadFrame(place)?.OfType<MessageEntry>().FirstOrDefault(found => found.Sequence == entry.Sequence)?.Envelope;
            }
            catch (ObjectDisposedException) when (entry.Place != place)
            {
                // It was moved meanwhile.
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>What the pending recipients of a message heard at the last attempt; nothing when that cannot be read.</summary>
    public static IReadOnlyList<RecipientStatus> ReadStatuses(QueueEntry entry)
    {
        while (entry.StatusPlace is { } place)
        {
            try
            {
                return StatusesIn(ReadFrame(place), entry.Sequence);
            }
            catch (ObjectDisposedException) when (entry.StatusPlace != place)
            {
                // It was moved meanwhile.
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                break;
            }
        }

        return [];
    }

    /// <summary>What a frame says of what the pending recipients of a message heard.</summary>
    public static IReadOnlyList<RecipientStatus> StatusesIn(IReadOnlyList<JournalEntry>? frame, long sequence) =>
        frame?.FirstOrDefault(found => found.Sequence == sequence) switch
        {
            ProgressEntry progress => progress.Statuses,
            MessageEntry message => message.Statuses,
            _ => [],
        };

    /// <summary>Reads the entries of the frame at a place; null when they are damaged.</summary>
    /// <exception cref="IOException">The disk does not give them.</exception>
    /// <exception cref="ObjectDisposedException">The segment was removed.</exception>
    public static IReadOnlyList<JournalEntry>? ReadFrame(EntryPlace place)
    {
        Span<byte> start = stackalloc byte[FrameHeader.Size];
        var file = place.Segment.File;
        if (file.Read(start, place.Offset) != start.Length || !FrameHeader.TryDecode(start, place.Segment.Mark, out var header))
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(header.EntriesLength);
        try
        {
            var entries = buffer.AsSpan(0, header.EntriesLength);
            return file.Read(entries, place.Offset + FrameHeader.Size) == entries.Length ? FrameDecoder.Decode(header, entries) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The whole envelope less the recipients that ended.</summary>
    public static Envelope Pending(Envelope envelope, RecipientSet ended)
    {
        if (ended.Count == 0)
        {
            return envelope;
        }

        var pending = new List<EnvelopeRecipient>(envelope.Recipients.Count);
        for (var i = 0; i < envelope.Recipients.Count; i++)
        {
            if (!ended.Contains(i))
            {
                pending.Add(envelope.Recipients[i]);
            }
        }

        return envelope with { Recipients = pending };
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Nothing()
    {
        yield return true ? throw new IOException("The message cannot be read.") : default;
    }

    // What is missing at the end counts as zeros, which no checksum takes for what was there.
    private static byte[] ReadContent(IJournalFile file, long offset, MessageEntry message)
    {
        var content = new byte[message.ContentLength];
        _ = file.Read(content, offset);
        return content;
    }

    private ReadFailure? ReadRecord(QueueEntry entry, out MessageEntry? message, out EntryPlace place)
    {
        while (true)
        {
            place = entry.Place!;
            try
            {
                message = ReadFrame(place)?.OfType<MessageEntry>().FirstOrDefault(found => found.Sequence == entry.Sequence);
                return message is null ? SetAsideRecord(place, entry) : null;
            }
            catch (ObjectDisposedException) when (entry.Place != place)
            {
                // It was moved, and its old segment removed, between the two lines above.
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // Disposed: it was removed, and its segment with it, between the two lines above.
                message = null;
                return new ReadFailure(trouble.Message, IsDamage: false);
            }
        }
    }

    // Damaged content may have been set aside by another reader.
    private ReadFailure Unreadable(MessageEntry message, Exception trouble) =>
        new(trouble.Message, IsDamage: trouble is FileNotFoundException && folder.Exists(DamagedFolder.Prefix + OwnFile.NameOf(message.Sequence)));

    private byte[] ReadOwnFile(MessageEntry message)
    {
        using var file = folder.Open(OwnFile.NameOf(message.Sequence));
        return ReadContent(file, 0, message);
    }

    private ReadFailure SetAsideRecord(EntryPlace place, QueueEntry entry)
    {
        try
        {
            // Its length is as uncertain as everything else about it.
            var bytes = new byte[entry.SegmentBytes + FrameHeader.Size];
            var length = place.Segment.File.Read(bytes, place.Offset);
            damaged.Copy(Segment.NameOf(place.Segment.Number), place.Offset, bytes.AsSpan(0, length), DamageKind.InTheMiddle);
            return new ReadFailure("its record in the journal is damaged", IsDamage: true);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return new ReadFailure(trouble.Message, IsDamage: false);
        }
    }

    private ReadFailure SetAside(EntryPlace place, MessageEntry message, ReadOnlyMemory<byte> content)
    {
        const string reason = "its content does not match its checksum";
        if (message.IsOwnFile)
        {
            damaged.Move(OwnFile.NameOf(message.Sequence), reason);
        }
        else
        {
            damaged.Copy(Segment.NameOf(place.Segment.Number), place.Offset + message.ContentOffset, content.Span, DamageKind.Content);
        }

        return new ReadFailure(reason, IsDamage: true);
    }
}

/// <summary>Why a message could not be read back.</summary>
/// <param name="Reason">For the log.</param>
/// <param name="IsDamage">True when the bytes are wrong and a copy was set aside; false when the disk did not give any, which may pass.</param>
internal sealed record ReadFailure(string Reason, bool IsDamage);
