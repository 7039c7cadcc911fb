using System.Diagnostics;

namespace SmimeGateway.TestSupport;

/// <summary>Runs a program to its end, with a deadline, both outputs captured, and nothing inherited on standard input.</summary>
public static class Tool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Runs and returns whatever the program said; a program that passes the deadline is killed and has exit code -1.</summary>
    public static async Task<ToolRun> RunAsync(
        string program,
        IEnumerable<string> arguments,
        ReadOnlyMemory<byte> input = default,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        TimeSpan? deadline = null)
    {
        using var process = new Process { StartInfo = Describe(program, arguments, environment, folder) };
        process.Start();

        var output = ReadAsync(process.StandardOutput.BaseStream);
        var errors = process.StandardError.ReadToEndAsync();
        var feeding = FeedAsync(process.StandardInput.BaseStream, input);

        using var timer = new CancellationTokenSource(deadline ?? Deadline);
        var killed = false;
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            killed = true;
            process.Kill(entireProcessTree: true);
        }

        await Task.WhenAll(output, errors, feeding);
        return new ToolRun(killed ? -1 : process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds everything it said.</exception>
    public static async Task<ToolRun> MustAsync(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, string? folder = null)
    {
        var run = await RunAsync(program, arguments, input, folder: folder);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException($"{program} failed: {run.Text}");
    }

    private static ProcessStartInfo Describe(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? folder)
    {
        var description = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };

        // Judges speak many languages; tests read English.
        description.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            description.Environment[name] = value;
        }

        return description;
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task FeedAsync(Stream stream, ReadOnlyMemory<byte> input)
    {
        try
        {
            await stream.WriteAsync(input);
            await stream.DisposeAsync();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells whether that was right.
        }
    }
}
