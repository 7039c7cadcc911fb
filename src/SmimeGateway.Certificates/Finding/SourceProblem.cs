namespace SmimeGateway.Certificates.Finding;

/// <summary>Something a source could not read.</summary>
/// <param name="Source">The configured name of the source.</param>
/// <param name="Location">The file or folder.</param>
/// <param name="Reason">What is wrong, without secrets.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record SourceProblem(string Source, string Location, string Reason, string Remedy)
{
    /// <summary>
    /// True when certificates may be behind it that nobody can see now, anybody's: mail that finds none elsewhere waits. False when all was
    /// read, and something in it cannot be used.
    /// </summary>
    public bool Conceals { get; init; } = true;

    /// <summary>The problem in one line.</summary>
    public override string ToString() => $"{Source}: {Location}: {Reason}. {Remedy}";
}
