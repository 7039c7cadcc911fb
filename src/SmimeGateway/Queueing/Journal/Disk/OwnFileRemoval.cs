using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Queueing.Journal.Disk;

/// <summary>Removes the files of large messages that have ended.</summary>
internal sealed class OwnFileRemoval(IJournalFolder folder, ILogger log)
{
    /// <summary>Removes what a record has ended. Only after the flush of it: were it lost, a message would be left without its bytes.</summary>
    public void After(CommitRequest request)
    {
        if (request.Attempted is { } attempted)
        {
            RemoveOf(attempted);
        }

        foreach (var entry in request.Marking?.Done ?? [])
        {
            RemoveOf(entry);
        }
    }

    private void RemoveOf(QueueEntry entry)
    {
        if (entry is not { IsOwnFile: true, IsGone: true })
        {
            return;
        }

        var name = OwnFile.NameOf(entry.Sequence);
        try
        {
            folder.Delete(name);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NotRemoved(log, name, FileHindrance.WithPlace(trouble));
        }
    }
}
