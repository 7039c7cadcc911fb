namespace SmimeGateway.Host.Commands;

/// <summary>What the process says to the script that called it.</summary>
internal static class ExitCode
{
    /// <summary>Done, or the answer is yes.</summary>
    public const int Done = 0;

    /// <summary>The answer is no: something will not work, nothing was found, a signature does not verify.</summary>
    public const int No = 1;

    /// <summary>Wrong usage, or a configuration that cannot be used: with it the gateway does not start.</summary>
    public const int WrongUsage = 2;

    /// <summary>No running gateway could be reached.</summary>
    public const int Unreachable = 3;
}
