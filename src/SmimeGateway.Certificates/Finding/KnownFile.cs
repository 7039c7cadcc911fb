namespace SmimeGateway.Certificates.Finding;

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
