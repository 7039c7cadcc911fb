using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// Reads certificates of authorities from files, or from all files of folders, and remembers what they held: what cannot be read later takes
/// no trust away, as only deleting a file does.
/// </summary>
public sealed class TrustFiles
{
    private const string Source = "trust";
    private const long MaxBytes = 64 * 1024 * 1024;

    private static readonly string[] Extensions = [".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".sst"];

    private readonly Lock _reading = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>The certificates in a file or folder; what cannot be read becomes a problem, and counts as what it held before.</summary>
    public IReadOnlyList<X509Certificate2> Read(string path, ICollection<SourceProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        lock (_reading)
        {
            var before = _known.GetValueOrDefault(path) ?? new Known([], IsFolder: false, Identity: null);
            var now = Directory.Exists(path) || before.IsFolder
                ? ReadFolder(path, before, problems)
                : before with { Files = ReadFiles([path], before, problems) };
            _known[path] = now;
            return [.. now.Files.Values.SelectMany(certificates => certificates)];
        }
    }

    private static Known ReadFolder(string folder, Known before, ICollection<SourceProblem> problems)
    {
        var identity = FolderIdentity.Of(folder);
        if (SourceFolder.List(Source, folder, path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant()), problems) is not { } files)
        {
            return before;
        }

        if (files.Count > 0)
        {
            return new Known(ReadFiles(files, before, problems), IsFolder: true, identity) { Most = files.Count };
        }

        // Whoever withdraws trust deletes a file. A share that is not mounted leaves an empty folder, and an accident too.
        var isAnother = before.Files.Count > 0 && identity != before.Identity;
        if (isAnother || before.Most > 1)
        {
            problems.Add(new SourceProblem(
                Source, folder, "the folder is empty, and was not before", "Mount the share, or put the files back; if there are to be none, restart the gateway"));
        }

        return isAnother ? before : before with { Files = [], IsFolder = true };
    }

    private static Dictionary<string, IReadOnlyList<X509Certificate2>> ReadFiles(
        IReadOnlyList<string> files, Known before, ICollection<SourceProblem> problems)
        => files.ToDictionary(file => file, file => ReadFile(file, before.Files.GetValueOrDefault(file) ?? [], problems), StringComparer.Ordinal);

    private static IReadOnlyList<X509Certificate2> ReadFile(
        string file, IReadOnlyList<X509Certificate2> before, ICollection<SourceProblem> problems)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
            {
                problems.Add(new SourceProblem(Source, file, "it is larger than 64 MB", "Name a file with certificates"));
                return before;
            }

            var read = CertificateFile.Read(File.ReadAllBytes(file));
            if (read is { Unreadable: 0, Certificates.Count: > 0 })
            {
                return read.Certificates;
            }

            problems.Add(read.Unreadable > 0
                ? new SourceProblem(Source, file, "it holds something that is neither a certificate nor a PKCS #7 collection of them", "Export it again")
                : new SourceProblem(Source, file, "it holds no certificate", "Export it again"));
            return before.Count > 0 ? before : read.Certificates;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(exception is FileNotFoundException or DirectoryNotFoundException
                ? new SourceProblem(Source, file, "it does not exist", "Put it there, or correct the path")
                : new SourceProblem(Source, file, "it cannot be read", "Give the gateway's user the right to read it"));
            return WatchedFile.IsGone(file) ? [] : before;
        }
    }

    /// <summary>What was read of a path.</summary>
    /// <param name="Files">The certificates of each file.</param>
    /// <param name="IsFolder">It is a folder, or was one.</param>
    /// <param name="Identity">Which folder it was.</param>
    private sealed record Known(Dictionary<string, IReadOnlyList<X509Certificate2>> Files, bool IsFolder, string? Identity)
    {
        /// <summary>How many files the folder had when it last had any.</summary>
        public int Most { get; init; }
    }
}
