namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>Reads the entries of a frame. What comes from a disk is judged like what comes from a stranger.</summary>
internal static class FrameDecoder
{
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
            EntryKind.Message => MessageDecoder.Decode(ref cursor, sequence, isOfFormat1: false),
            EntryKind.Progress => DecodeProgress(ref cursor, sequence),
            EntryKind.Ended => new EndedEntry(sequence),
            EntryKind.Hold when cursor.TryRead(out byte isHeld) => new HoldEntry(sequence, isHeld != 0),
            EntryKind.MessageOfFormat1 => MessageDecoder.Decode(ref cursor, sequence, isOfFormat1: true),
            EntryKind.ProgressOfFormat1 when cursor.TryRead(out int recipients)
                && StateDecoder.TryRead(ref cursor, recipients, isOfFormat1: true, out var state) => new ProgressEntry(sequence, state, []),
            _ => null,
        };
    }

    private static ProgressEntry? DecodeProgress(ref EntryCursor cursor, long sequence) =>
        cursor.TryRead(out int recipients)
        && StateDecoder.TryRead(ref cursor, recipients, isOfFormat1: false, out var state)
        && StatusEncoding.TryRead(ref cursor, recipients, out var statuses)
            ? new ProgressEntry(sequence, state, statuses)
            : null;
}
