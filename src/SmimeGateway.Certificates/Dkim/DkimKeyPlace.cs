namespace SmimeGateway.Certificates.Dkim;

/// <summary>Where a key is kept: in a file or an environment variable.</summary>
/// <param name="File">The file, or null.</param>
/// <param name="Variable">The variable, or null.</param>
public readonly record struct DkimKeyPlace(string? File, string? Variable)
{
    /// <inheritdoc/>
    public override string ToString() => File ?? $"the environment variable {Variable}";
}

/// <summary>What is known of a key now.</summary>
/// <param name="Key">The key, also where its file became unreadable after it was read; null where it never was, or is gone.</param>
/// <param name="Problem">What is wrong with its place now; null when nothing is.</param>
public sealed record DkimKeyFound(DkimKey? Key, string? Problem);
