namespace SmimeGateway.Certificates.Finding;

/// <summary>Something a source could not read.</summary>
/// <param name="Source">The configured name of the source.</param>
/// <param name="Location">The file or folder.</param>
/// <param name="Reason">What is wrong, without secrets.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record SourceProblem(string Source, string Location, string Reason, string Remedy)
{
    /// <summary>The problem in one line.</summary>
    public override string ToString() => $"{Source}: {Location}: {Reason}. {Remedy}";
}
