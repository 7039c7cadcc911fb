using System.Buffers;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// Content that stays on the disk while it is delivered. A record that is moved meanwhile is followed; every block is compared anew with
/// what was found when the whole was proved to be what was accepted.
/// </summary>
internal sealed class StoredContent
{
    /// <summary>Shorter content is read at once: it takes no more than a block does.</summary>
    public const int BlockBytes = 64 * 1024;

    private readonly IJournalFolder _folder;
    private readonly QueueEntry _entry;

    // The checksum as far as the end of each block.
    private readonly uint[] _states;

    private StoredContent(IJournalFolder folder, QueueEntry entry)
    {
        _folder = folder;
        _entry = entry;
        _states = new uint[(entry.ContentLength + BlockBytes - 1) / BlockBytes];
    }

    /// <summary>The content, or null when it is not what the checksum says.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">The disk does not give it.</exception>
    public static MessageContent? Prove(IJournalFolder folder, QueueEntry entry, uint checksum)
    {
        var content = new StoredContent(folder, entry);
        var all = Crc32C.Start;
        foreach (var (block, number) in content.Read())
        {
            all = Crc32C.Continue(all, block.Span);
            content._states[number] = all;
        }

        return Crc32C.End(all) == checksum ? new MessageContent(entry.ContentLength, content.Blocks()) : null;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Blocks()
    {
        foreach (var (block, number) in Read())
        {
            yield return Crc32C.Continue(number == 0 ? Crc32C.Start : _states[number - 1], block.Span) == _states[number]
                ? block
                : throw new IOException("The disk gives other content than a moment ago.");
        }
    }

    private IEnumerable<(ReadOnlyMemory<byte> Block, int Number)> Read()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        using var own = _entry.IsOwnFile ? _folder.Open(OwnFile.NameOf(_entry.Sequence)) : null;
        try
        {
            (EntryPlace? Place, long Offset) at = default;
            for (var number = 0; number < _states.Length; number++)
            {
                var position = (long)number * BlockBytes;
                var block = buffer.AsMemory(0, (int)Math.Min(BlockBytes, _entry.ContentLength - position));
                var length = own?.Read(block.Span, position) ?? ReadFrame(block.Span, position, ref at);

                // What is missing at the end counts as zeros, which no checksum takes for what was there.
                block.Span[length..].Clear();
                yield return (block, number);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int ReadFrame(Span<byte> block, long position, ref (EntryPlace? Place, long Offset) at)
    {
        while (true)
        {
            var place = _entry.Place!;
            try
            {
                at = place == at.Place ? at : (place, OffsetIn(place));
                return place.Segment.File.Read(block, at.Offset + position);
            }
            catch (ObjectDisposedException) when (_entry.Place != place)
            {
                // It was moved, and its old segment removed, between the lines above.
            }
            catch (ObjectDisposedException gone)
            {
                throw new IOException("It was removed from the queue.", gone);
            }
        }
    }

    private long OffsetIn(EntryPlace place) =>
        MessageReader.ReadFrame(place)?.OfType<MessageEntry>().FirstOrDefault(found => found.Sequence == _entry.Sequence) is { } message
            ? place.Offset + message.ContentOffset
            : throw new IOException("Its record in the journal is damaged.");
}
