using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SmimeGateway.TestSupport;

/// <summary>The real executable as a child process: <c>smimegateway run --config FILE</c>.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private GatewayProcess(GatewayHome home, Process process)
    {
        Home = home;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its configuration and data.</summary>
    public GatewayHome Home { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True once it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Everything it wrote to its console so far.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Starts the gateway without waiting for it.</summary>
    /// <param name="home">Configuration and data.</param>
    /// <param name="wrapper">A program that runs it, such as strace with its options; the gateway's command line follows.</param>
    public static GatewayProcess Launch(GatewayHome home, params IReadOnlyList<string> wrapper)
    {
        List<string> command = [.. wrapper, Repository.GatewayExecutable, "run", "--config", home.ConfigurationFile];
        var description = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.Folder,
        };
        var process = Process.Start(description) ?? throw new InvalidOperationException($"{command[0]} did not start");
        return new GatewayProcess(home, process);
    }

    /// <summary>Starts the gateway and waits for its greeting.</summary>
    public static async Task<GatewayProcess> StartAsync(GatewayHome home, params IReadOnlyList<string> wrapper)
    {
        var gateway = Launch(home, wrapper);
        try
        {
            await Eventually.TrueAsync(async () => gateway.HasExited
                ? throw new InvalidOperationException("the gateway ended: " + gateway.Log)
                : await Loopback.GreetsAsync(home.Port));
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs another command of the executable to its end, with this home's configuration.</summary>
    public static Task<ToolRun> CommandAsync(GatewayHome home, params IReadOnlyList<string> arguments) =>
        Tool.RunAsync(Repository.GatewayExecutable, [.. arguments, "--config", home.ConfigurationFile], folder: home.Folder);

    /// <summary>A new dialog after EHLO.</summary>
    public Task<RawSmtpDialog> DialogAsync() => RawSmtpDialog.GreetAsync(Home.Port);

    /// <summary>One message over a connection of its own; returns the reply to the dot, or the one that ended the transaction.</summary>
    public async Task<RawReply> SendAsync(string from, string to, ReadOnlyMemory<byte> message)
    {
        await using var dialog = await DialogAsync();
        return await dialog.SendAsync(from, [to], message);
    }

    /// <summary>The most memory that was ever resident, in megabytes.</summary>
    public int PeakMegabytes() => File.ReadLines($"/proc/{Id}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => int.Parse(line.AsSpan(6, line.Length - 9), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) / 1024)
        .Single();

    /// <summary>Waits until the log holds the text.</summary>
    public Task LogsAsync(string text) => Eventually.TrueAsync(() => Log.Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>SIGTERM; returns the exit code once it ended.</summary>
    public async Task<int> TerminateAsync()
    {
        await Signals.SendAsync(Id, "TERM");
        return await ExitAsync();
    }

    /// <summary>SIGKILL: what a power cut looks like to a process.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Waits for its end and returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(ExitPatience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await ExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
