using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Finding;

/// <summary>Which files a source consists of, and how they are read.</summary>
/// <param name="Source">The name of the source.</param>
/// <param name="Folders">The folders in which a change matters.</param>
/// <param name="List">Lists the files of the moment, and adds the problems of doing so; null when they cannot be listed. It never throws.</param>
/// <param name="Read">Reads a file from its content and the contents of its companions; it never throws.</param>
internal sealed record FileWatchPlan<T>(
    string Source,
    IReadOnlyList<string> Folders,
    Func<List<SourceProblem>, IReadOnlyList<WatchedFile>?> List,
    Func<WatchedFile, IReadOnlyList<byte[]>, FileReading<T>> Read)
    where T : IHeldCertificate<T>;
