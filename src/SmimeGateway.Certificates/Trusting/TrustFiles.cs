using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>Reads certificates of authorities from a file, or from all files of a folder.</summary>
internal static class TrustFiles
{
    private const string Source = "trust";
    private const long MaxBytes = 64 * 1024 * 1024;

    private static readonly string[] Extensions = [".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".sst"];

    /// <summary>The certificates; what cannot be read becomes a problem.</summary>
    public static IReadOnlyList<X509Certificate2> Read(string path, List<SourceProblem> problems)
    {
        var found = new List<X509Certificate2>();
        try
        {
            var files = Directory.Exists(path)
                ? Directory.EnumerateFiles(path).Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)
                : Enumerable.Repeat(path, 1);
            foreach (var file in files)
            {
                ReadFile(file, found, problems);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(exception is FileNotFoundException or DirectoryNotFoundException
                ? new SourceProblem(Source, path, "it does not exist", "Put it there, or correct the path")
                : new SourceProblem(Source, path, "it cannot be read", "Give the gateway's user the right to read it"));
        }

        return found;
    }

    private static void ReadFile(string file, List<X509Certificate2> found, List<SourceProblem> problems)
    {
        if (new FileInfo(file).Length > MaxBytes)
        {
            problems.Add(new SourceProblem(Source, file, "it is larger than 64 MB", "Name a file with certificates"));
            return;
        }

        var read = CertificateFile.Read(File.ReadAllBytes(file));
        found.AddRange(read.Certificates);
        if (read.Unreadable > 0)
        {
            problems.Add(new SourceProblem(Source, file, "it holds something that is neither a certificate nor a PKCS #7 collection of them", "Export it again"));
        }
        else if (read.Certificates.Count == 0)
        {
            problems.Add(new SourceProblem(Source, file, "it holds no certificate", "Export it again"));
        }
    }
}
