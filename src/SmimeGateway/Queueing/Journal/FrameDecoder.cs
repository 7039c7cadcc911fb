using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>Reads the entries of a frame. What comes from a disk is judged like what comes from a stranger.</summary>
internal static class FrameDecoder
{
    /// <summary>A message entry takes at least this many bytes per recipient: the length of its path.</summary>
    private const int LeastRecipientBytes = 2;

    /// <summary>Reads all entries of a frame.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="entries">The bytes after the header, <see cref="FrameHeader.EntriesLength"/> of them.</param>
    /// <returns>The entries, or null when the checksum or the form is wrong.</returns>
    public static IReadOnlyList<JournalEntry>? Decode(FrameHeader header, ReadOnlySpan<byte> entries)
    {
        if (entries.Length != header.EntriesLength || Crc32C.Of(entries) != header.EntriesChecksum)
        {
            return null;
        }

        var found = new List<JournalEntry>(1);
        var cursor = new EntryCursor(entries);
        var contentOffset = (long)FrameHeader.Size + header.EntriesLength;
        while (!cursor.IsAtEnd)
        {
            if (DecodeEntry(ref cursor) is not { } entry)
            {
                return null;
            }

            if (entry is MessageEntry { IsOwnFile: false } message)
            {
                if (contentOffset + message.ContentLength > header.FrameLength)
                {
                    return null;
                }

                entry = message with { ContentOffset = (int)contentOffset };
                contentOffset += message.ContentLength;
            }

            found.Add(entry);
        }

        return contentOffset == header.FrameLength ? found : null;
    }

    private static JournalEntry? DecodeEntry(ref EntryCursor cursor)
    {
        if (!cursor.TryRead(out byte kind) || !cursor.TryRead(out long sequence))
        {
            return null;
        }

        return (EntryKind)kind switch
        {
            EntryKind.Message => DecodeMessage(ref cursor, sequence),
            EntryKind.Progress when cursor.TryRead(out int recipients) && TryReadState(ref cursor, recipients, out var state)
                => new ProgressEntry(sequence, state),
            EntryKind.Ended => new EndedEntry(sequence),
            _ => null,
        };
    }

    private static MessageEntry? DecodeMessage(ref EntryCursor cursor, long sequence)
    {
        if (!cursor.TryRead(out long acceptedTicks)
            || acceptedTicks < 0 || acceptedTicks > DateTimeOffset.MaxValue.UtcTicks
            || !cursor.TryRead(out long contentLength) || contentLength < 0 || contentLength > Array.MaxLength
            || !cursor.TryRead(out int checksum)
            || !cursor.TryRead(out byte flags)
            || !cursor.TryRead(out int recipientCount) || recipientCount <= 0
            || !TryReadState(ref cursor, recipientCount, out var state)
            || !cursor.TryRead(out MailPath? reversePath)
            || recipientCount > cursor.Remaining / LeastRecipientBytes)
        {
            return null;
        }

        var recipients = new EnvelopeRecipient[recipientCount];
        for (var i = 0; i < recipients.Length; i++)
        {
            if (!cursor.TryRead(out MailPath? path))
            {
                return null;
            }

            recipients[i] = new EnvelopeRecipient(path!);
        }

        var envelope = new Envelope(reversePath!, recipients)
        {
            Body = (flags & FrameDraft.EightBitFlag) != 0 ? BodyType.EightBitMime : BodyType.SevenBit,
            SmtpUtf8 = (flags & FrameDraft.SmtpUtf8Flag) != 0,
        };
        return new MessageEntry(
            sequence, acceptedTicks, envelope, contentLength, (uint)checksum, (flags & FrameDraft.OwnFileFlag) != 0, state);
    }

    private static bool TryReadState(ref EntryCursor cursor, int recipients, out DeliveryState state)
    {
        state = default;
        if (recipients <= 0
            || !cursor.TryRead(out int attempts) || attempts < 0
            || !cursor.TryRead(out long nextAttempt)
            || !cursor.TryRead(out long pause)
            || RecipientSet.WordsFor(recipients) > cursor.Remaining / sizeof(long))
        {
            return false;
        }

        var words = new ulong[RecipientSet.WordsFor(recipients)];
        for (var i = 0; i < words.Length; i++)
        {
            _ = cursor.TryRead(out long word);
            words[i] = (ulong)word;
        }

        state = new DeliveryState(attempts, nextAttempt, pause, RecipientSet.FromWords(words));
        return true;
    }
}
