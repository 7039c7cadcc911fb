namespace SmimeGateway.Queueing.Journal.Disk;

/// <summary>
/// The file of a large message. It is written, flushed and named for good before the journal mentions it, so a journal record never
/// names bytes that a power cut can take away.
/// </summary>
internal static class OwnFile
{
    /// <summary>What the names of these files end with.</summary>
    public const string Extension = ".message";

    /// <summary>The file of the message.</summary>
    public static string NameOf(long sequence) => QueueId.FromSequence(sequence).Value + Extension;

    /// <summary>Writes the content and flushes both the bytes and the name.</summary>
    /// <exception cref="IOException">Nothing is left behind, as far as the disk allows.</exception>
    public static void Write(IJournalFolder folder, long sequence, ReadOnlyMemory<byte> content)
    {
        var name = NameOf(sequence);
        try
        {
            using (var file = folder.Create(name, content.Length))
            {
                file.Write([content], 0);
                file.Flush();
            }

            folder.FlushNames();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            folder.Delete(name);
            throw;
        }
    }
}
