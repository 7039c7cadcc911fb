using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Dkim;

/// <summary>
/// The keys of domains, read again whenever their files change. A file that is broken, perhaps because it is only half written, takes no key
/// away that was read before; one that is deleted does.
/// </summary>
public sealed class DkimKeyFiles : IAsyncDisposable
{
    private const int MaxBytes = 64 * 1024;

    private readonly TimeProvider _time;
    private readonly Lookout? _lookout;
    private readonly string[] _folders;
    private readonly Dictionary<DkimKeyPlace, Known> _known;

    /// <summary>Reads all of them, and watches the files from then on; where there are none, nothing is begun.</summary>
    /// <param name="places">Where the keys are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="previous">The keys until now, which stay known where their places stay; null at the start.</param>
    public DkimKeyFiles(IEnumerable<DkimKeyPlace> places, TimeProvider time, DkimKeyFiles? previous = null)
    {
        _time = time;
        _known = places.Distinct().ToDictionary(
            place => place, place => previous?._known.TryGetValue(place, out var known) is true ? new Known(known.Found) : new Known(NotLooked));
        _folders = [.. _known.Keys.Select(place => place.File).OfType<string>().Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Distinct()];
        foreach (var (place, known) in _known)
        {
            if (place.Variable is { } variable)
            {
                known.Take(Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(variable) ?? string.Empty));
            }
        }

        if (_folders.Length > 0)
        {
            _lookout = new Lookout(Look, time, stuck: () => Complain("it does not answer: perhaps a share hangs"));
            _lookout.Begin();
            _lookout.Look();
        }
    }

    private static DkimKeyFound NotLooked => new(null, "it could not be looked at");

    /// <summary>What is known of a key.</summary>
    public DkimKeyFound Find(DkimKeyPlace place) => _known[place].Found;

    /// <summary>Looks at the files now.</summary>
    public void LookNow() => _lookout?.Look();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lookout?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Look()
    {
        _lookout!.Watch(_folders);
        foreach (var (place, known) in _known)
        {
            if (place.File is { } file)
            {
                _lookout.Move();
                Look(file, known);
            }
        }
    }

    private void Look(string file, Known known)
    {
        try
        {
            // The stamp is taken before reading: a change during the reading makes the next stamp differ.
            var stamp = FileStamp.Of([file]);
            if (known.Stamp == stamp.Text && known.Found.Problem is null)
            {
                return;
            }

            known.Take(RegularFile.Read(file, MaxBytes));
            known.Stamp = stamp.IsSettled(FileStamp.Of([file]), _time.GetUtcNow()) ? stamp.Text : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            known.Stamp = null;
            known.Lose(
                Directory.Exists(file) ? "a folder stands where the file should be" : exception switch
                {
                    FileNotFoundException or DirectoryNotFoundException => "the file does not exist",
                    UnauthorizedAccessException => "the gateway's user may not read the file",
                    _ => $"the file cannot be read: {FileHindrance.Of(exception)}",
                },
                WatchedFile.IsGone(file));
        }
    }

    private void Complain(string problem)
    {
        foreach (var (_, known) in _known.Where(entry => entry.Key.File is not null))
        {
            known.Lose(problem, isGone: false);
        }
    }

    private sealed class Known(DkimKeyFound found)
    {
        private byte[]? _digest;

        public volatile DkimKeyFound Found = found;

        public string? Stamp { get; set; }

        public void Take(byte[] content)
        {
            var digest = SHA256.HashData(content);
            if (Found.Problem is null && _digest is not null && digest.AsSpan().SequenceEqual(_digest))
            {
                return;
            }

            if (DkimKeyText.TryRead(content, out var key, out var reason))
            {
                _digest = digest;
                Found = new DkimKeyFound(key, Problem: null);
            }
            else
            {
                Lose(content.Length == 0 ? "there is nothing in it" : reason, isGone: false);
            }
        }

        public void Lose(string problem, bool isGone)
        {
            if (Found.Problem != problem || (isGone && Found.Key is not null))
            {
                Found = new DkimKeyFound(isGone ? null : Found.Key, problem);
            }
        }
    }
}
