using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding;

/// <summary>What one file, or a pair of them, came to.</summary>
/// <param name="Held">The certificates that the source is there for; their chains are assembled later.</param>
/// <param name="Others">The certificates that may stand above them.</param>
/// <param name="Problems">What could not be read.</param>
internal sealed record FileReading<T>(
    IReadOnlyList<T> Held, IReadOnlyList<X509Certificate2> Others, IReadOnlyList<SourceProblem> Problems)
    where T : IHeldCertificate<T>
{
    /// <summary>True when the file was taken away, so that what it held is not to be used any more.</summary>
    public bool IsGone { get; init; }

    /// <summary>A file with nothing in it that could be read.</summary>
    public static FileReading<T> Failed(SourceProblem problem) => new([], [], [problem]);
}
