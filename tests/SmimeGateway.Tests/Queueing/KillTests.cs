using System.Diagnostics;
using System.Globalization;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Tests.Queueing;

/// <summary>
/// Kills a process that enqueues and delivers, again and again. <c>SMIMEGATEWAY_QUEUE_KILLS</c> sets how often; 20 times by default.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private readonly Dictionary<string, string> _accepted = [];
    private readonly Dictionary<string, string> _delivered = [];
    private readonly HashSet<string> _recorded = [];
    private int _duplicates;

    [Fact]
    public async Task Whenever_it_is_killed_nothing_accepted_is_lost_or_torn()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("SMIMEGATEWAY_QUEUE_KILLS") ?? "20", CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        var chance = new Random(1);

        for (var kill = 0; kill < kills; kill++)
        {
            var patience = chance.Next(1, 400);
            await RunAsync(folder.Path, lines => lines >= patience);
        }

        await RunAsync(folder.Path, "drain", static _ => false);

        output.WriteLine($"{kills} kills: {_accepted.Count} accepted, {_delivered.Count} delivered, {_duplicates} offered again");
        _accepted.Count.ShouldBeGreaterThan(kills);
        _accepted.Keys.Except(_delivered.Keys).ShouldBeEmpty("accepted and lost");

        // In flight at a kill: eight deliveries, and what the pipe did not take any more.
        _duplicates.ShouldBeLessThanOrEqualTo(kills * 8);
    }

    private Task RunAsync(string folder, Func<int, bool> isEnough) => RunAsync(folder, "run", isEnough);

    private async Task RunAsync(string folder, string mode, Func<int, bool> isEnough)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable(), [folder, mode]) { RedirectStandardOutput = true })!;
        var lines = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Note(line);
            if (isEnough(++lines) && !process.HasExited)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        if (mode == "drain")
        {
            process.ExitCode.ShouldBe(0);
        }
    }

    private void Note(string line)
    {
        var id = line.Length > 13 ? line[1..13] : string.Empty;
        var hash = line.Length > 14 ? line[14..] : string.Empty;
        switch (line[0])
        {
            case '+':
                _accepted.Add(id, hash);
                if (_delivered.TryGetValue(id, out var early))
                {
                    early.ShouldBe(hash);
                }

                break;
            case '-':
                _recorded.ShouldNotContain(id, "recorded as delivered and offered again");
                if (!_delivered.TryAdd(id, hash))
                {
                    _duplicates++;
                }

                if (_accepted.TryGetValue(id, out var sent))
                {
                    hash.ShouldBe(sent);
                }

                break;
            case '=':
                _recorded.Add(id);
                break;
            default:
                line.ShouldBeOneOf("ready", "drained");
                break;
        }
    }

    private static string Executable() => Path.Combine(
        Repository.Root, "artifacts", "bin", "QueueCrash", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "QueueCrash");
}
