namespace SmimeGateway.Host.Configuration;

/// <summary>What is wrong at one place of the configuration, or worth a warning, and what to do about it.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from one; zero when the file as a whole is meant.</param>
/// <param name="Column">The column in characters, from one.</param>
/// <param name="Path">The JSON path.</param>
/// <param name="Value">The value as JSON, shortened; empty when there is none, or when it could be a secret.</param>
/// <param name="Problem">What is wrong, without a full stop.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
internal sealed record ConfigurationError(
    string File, int Line, int Column, string Path, string Value, string Problem, string Remedy)
{
    /// <summary>The whole error on one line, beginning as editors and terminals recognise a place in a file.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? File : $"{File}:{Line}:{Column}: {Path}";
        return Value.Length == 0 ? $"{place}: {Problem}. {Remedy}" : $"{place} = {Value}: {Problem}. {Remedy}";
    }
}
