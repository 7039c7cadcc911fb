using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>The certificates of authorities in some files and folders.</summary>
/// <param name="Certificates">All that could be read.</param>
/// <param name="Problems">What could not.</param>
public sealed record AuthorityFiles(IReadOnlyList<X509Certificate2> Certificates, IReadOnlyList<SourceProblem> Problems)
{
    /// <summary>Reads files, and all files of folders.</summary>
    public static AuthorityFiles Load(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var (problems, files) = (new List<SourceProblem>(), new TrustFiles(TimeProvider.System));
        return new AuthorityFiles([.. paths.SelectMany(path => files.Read(path, problems))], problems);
    }
}
