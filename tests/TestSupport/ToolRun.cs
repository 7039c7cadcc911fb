using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>What a finished program said.</summary>
/// <param name="ExitCode">Its exit code, or -1 when it was killed at its deadline.</param>
/// <param name="OutputBytes">Standard output as it came.</param>
/// <param name="Errors">Standard error as text.</param>
public sealed record ToolRun(int ExitCode, byte[] OutputBytes, string Errors)
{
    /// <summary>Standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Both streams, for messages of failed assertions.</summary>
    public string Text => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
