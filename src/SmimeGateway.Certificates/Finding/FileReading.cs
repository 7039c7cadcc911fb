using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding;

/// <summary>What one file, or a pair of them, came to.</summary>
/// <param name="Own">The certificates with private keys; their chains are assembled later.</param>
/// <param name="Others">The certificates without private keys.</param>
/// <param name="Problems">What could not be read.</param>
internal sealed record FileReading(
    IReadOnlyList<OwnCertificate> Own, IReadOnlyList<X509Certificate2> Others, IReadOnlyList<SourceProblem> Problems)
{
    /// <summary>A file with nothing in it that could be read.</summary>
    public static FileReading Failed(SourceProblem problem) => new([], [], [problem]);
}
