using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// Reads certificates of authorities from files, or from all files of folders, and remembers what they held: what cannot be read later takes
/// no trust away, as only what is gone does.
/// </summary>
/// <param name="time">The clock, which tells what was written a moment ago and may not be whole.</param>
public sealed class TrustFiles(TimeProvider time)
{
    private const string Source = "trust";
    private const int MaxBytes = 64 * 1024 * 1024;

    private static readonly string[] Extensions = [".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".sst"];

    private readonly Lock _reading = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>
    /// The certificates in a file or folder; what cannot be read becomes a problem, and counts as what it held before. What went away is
    /// not trusted any more, and is a problem as well until it is back or its loss is accepted: nobody knows whether it is meant.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Read(string path, ICollection<SourceProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        lock (_reading)
        {
            var before = _known.GetValueOrDefault(path) ?? new Known([], IsFolder: false, Identity: null);
            var stamp = StampOf(path);
            var now = Directory.Exists(path) || before.IsFolder
                ? ReadFolder(path, before, problems)
                : before with { Files = ReadFiles([path], before, problems) };
            var lost = now.Without(before.Expected);
            if (before.IsLossMeant && stamp.IsSettled(StampOf(path), time.GetUtcNow()))
            {
                lost = [];
            }

            _known[path] = now with { Expected = lost.Count > 0 ? before.Expected : [.. now.All], IsLossMeant = before.IsLossMeant && lost.Count > 0 };
            if (lost.Count > 0)
            {
                problems.Add(new SourceProblem(
                    Source,
                    path,
                    $"{lost.Count} certificate(s) that it held went away, such as {PrintableText.Of(lost[0].Subject)}",
                    "Put back what is still good; if it is meant, reload the gateway (SIGHUP)"));
            }

            return [.. now.All];
        }
    }

    /// <summary>What went away is meant to be gone; what is being written a moment after it was asked for counts once it is whole.</summary>
    public void AcceptLoss()
    {
        lock (_reading)
        {
            foreach (var path in _known.Keys.ToList())
            {
                _known[path] = _known[path] with { IsLossMeant = true };
                Read(path, []);
            }
        }
    }

    /// <summary>The stamp of a file, or of a folder and all files in it; that of nothing where they cannot be seen.</summary>
    internal static FileStamp StampOf(string path) =>
        Directory.Exists(path) ? FileStamp.Of(FilesIn(path), path) : FileStamp.Of([path]);

    // Opened where the stamp is taken, which knows what to make of a folder that cannot be.
    private static IEnumerable<string> FilesIn(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            yield return file;
        }
    }

    private static Known ReadFolder(string folder, Known before, ICollection<SourceProblem> problems)
    {
        var identity = FileStatus.IdentityOf(folder);
        if (SourceFolder.List(Source, folder, path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant()), problems) is not { } files)
        {
            return before;
        }

        if (files.Count > 0 || before.Files.Count == 0 || identity == before.Identity)
        {
            return before with { Files = ReadFiles(files, before, problems), IsFolder = true, Identity = identity };
        }

        // A share that is not mounted leaves an empty folder.
        problems.Add(new SourceProblem(
            Source, folder, "the folder is empty, and not the one that was read before: perhaps a share is not mounted", "Mount it; if there are to be no files, restart the gateway"));
        return before;
    }

    private static Dictionary<string, IReadOnlyList<X509Certificate2>> ReadFiles(
        IReadOnlyList<string> files, Known before, ICollection<SourceProblem> problems)
        => files.ToDictionary(file => file, file => ReadFile(file, before.Files.GetValueOrDefault(file) ?? [], problems), StringComparer.Ordinal);

    private static IReadOnlyList<X509Certificate2> ReadFile(
        string file, IReadOnlyList<X509Certificate2> before, ICollection<SourceProblem> problems)
    {
        try
        {
            var read = CertificateFile.Read(RegularFile.Read(file, MaxBytes));
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
                : exception is UnauthorizedAccessException
                ? new SourceProblem(Source, file, "it cannot be read", "Give the gateway's user the right to read it")
                : new SourceProblem(Source, file, $"it cannot be read: {FileHindrance.Of(exception)}", "Name a file with certificates, or check its disk"));
            return WatchedFile.IsGone(file) ? [] : before;
        }
    }

    /// <summary>What was read of a path.</summary>
    /// <param name="Files">The certificates of each file.</param>
    /// <param name="IsFolder">It is a folder, or was one.</param>
    /// <param name="Identity">Which folder it was.</param>
    private sealed record Known(Dictionary<string, IReadOnlyList<X509Certificate2>> Files, bool IsFolder, string? Identity)
    {
        /// <summary>What was there when nothing was missing.</summary>
        public IReadOnlyList<X509Certificate2> Expected { get; init; } = [];

        /// <summary>The administrator said that what is missing is meant to be.</summary>
        public bool IsLossMeant { get; init; }

        /// <summary>The certificates of all files.</summary>
        public IEnumerable<X509Certificate2> All => Files.Values.SelectMany(certificates => certificates);

        /// <summary>Those of some certificates that are not there.</summary>
        public IReadOnlyList<X509Certificate2> Without(IReadOnlyList<X509Certificate2> expected)
        {
            var here = All.Select(NameOf).ToHashSet(StringComparer.Ordinal);
            return [.. expected.Where(certificate => !here.Contains(NameOf(certificate)))];
        }

        // As bytes: certificates are equal to the framework when issuer and serial number are.
        private static string NameOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }
}
