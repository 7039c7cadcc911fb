using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

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
    where T : IHeldCertificate<T>
{
    /// <summary>How the configuration comes to the files.</summary>
    public FileNaming Naming { get; init; }
}

/// <summary>What is known of a watched file since it was last read.</summary>
/// <param name="Stamp">Its stamp before it was read; null when it changed too recently for the stamp to be a proof.</param>
/// <param name="Digest">A digest of its content, so that a touched file is not parsed again.</param>
/// <param name="Reading">What it came to; while it is broken, the certificates of its last good content remain.</param>
internal sealed record KnownFile<T>(string? Stamp, string Digest, FileReading<T> Reading)
    where T : IHeldCertificate<T>
{
    /// <summary>True when it was changed a moment ago and holds less than before: it may be half written.</summary>
    public bool IsShrinking { get; init; }

    /// <summary>The last reading that was no half of anything; null while there was none.</summary>
    public FileReading<T>? Whole { get; init; }
}
