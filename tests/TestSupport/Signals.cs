namespace SmimeGateway.TestSupport;

/// <summary>Sends signals to processes that tests started.</summary>
public static class Signals
{
    /// <summary>Sends a signal by name, such as TERM, KILL, HUP, STOP.</summary>
    public static async Task SendAsync(int process, string signal) =>
        await Tool.RunAsync("/bin/sh", ["-c", $"kill -{signal} {process}"]);
}
