using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>What is known of the folder of certificates that signed mail brought along as a whole: whether it was listed, and is the same still.</summary>
/// <param name="folder">The folder.</param>
/// <param name="index">The names in it.</param>
/// <param name="problems">What is wrong with it.</param>
/// <param name="keeping">Held by whoever writes into the folder.</param>
/// <param name="time">The clock.</param>
/// <param name="changed">Called when names came that were not known.</param>
internal sealed class SeenListing(SeenFolder folder, SeenIndex index, ToldProblems problems, Lock keeping, TimeProvider time, Action changed)
{
    /// <summary>Why nobody knows what is in it.</summary>
    public const string NotListed = "the folder cannot be listed";

    /// <summary>A folder that could not be listed is tried again after this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private string? _identity;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;
    private volatile bool _isListed;

    /// <summary>Whether it was listed once, if need be now.</summary>
    public bool TryList()
    {
        if (_isListed)
        {
            return true;
        }

        lock (keeping)
        {
            if (_isListed || (time.GetUtcNow() - _triedAt).Duration() < Patience || !List())
            {
                return _isListed;
            }
        }

        // Mail that is held may find its certificate now.
        changed();
        return true;
    }

    /// <summary>
    /// Adds the names that a share brought which was not mounted when the folder was listed; the answer is why they cannot be known, or null.
    /// </summary>
    public SourceProblem? FindMounted()
    {
        try
        {
            _ = _isListed && IsFolderOurs();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ComplainOfList();
        }
    }

    /// <summary>
    /// Whether the folder is the one that was listed. A share that was mounted anew may be another device, and has all that is known. With a part
    /// of it somebody is putting it back: what is not there yet is not deleted.
    /// </summary>
    public bool IsFolderOurs()
    {
        if (FileStatus.IdentityOf(folder.Location) != _identity)
        {
            bool isWhole;
            bool isMore;
            lock (keeping)
            {
                var identity = FileStatus.IdentityOf(folder.Location);
                var files = folder.List();
                var names = files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
                isWhole = (files.Count > 0 || _identity is null) && index.Entries.All(entry => names.Contains(entry.Name));
                (string, DateTimeOffset)[] more = [.. files.Where(file => index.FindName(file.Name) is null)];
                isMore = more.Length > 0;
                index.Fill(more, time.GetUtcNow());
                _identity = isWhole ? identity : _identity;
            }

            if (isMore)
            {
                changed();
            }

            if (!isWhole)
            {
                return false;
            }
        }

        problems.Settle(folder.Location);
        return true;
    }

    /// <summary>The folder was made by the first certificate that was kept.</summary>
    public void Adopt() => _identity ??= FileStatus.IdentityOf(folder.Location);

    /// <summary>Says that it is not the folder that was listed.</summary>
    public SourceProblem ComplainOfFolder() => problems.Complain(
        folder.Location, "the folder is not there, or not the one that was read before", "Put it back, or mount the share; a restart begins anew");

    private SourceProblem ComplainOfList() =>
        problems.Complain(folder.Location, NotListed, "Give the gateway's user the right to read and write it", conceals: true);

    private bool List()
    {
        _triedAt = time.GetUtcNow();
        try
        {
            index.Fill(folder.List(), time.GetUtcNow());
            _identity = FileStatus.IdentityOf(folder.Location);
            _isListed = true;
            problems.Settle(folder.Location);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ComplainOfList();
        }

        return _isListed;
    }
}
