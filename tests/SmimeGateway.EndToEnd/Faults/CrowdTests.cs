using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// Far more clients that say nothing than the gateway has room for, and some that have mail. IDLE=2000 in the environment makes the
/// long run.
/// </summary>
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Honest = 200;
    private const int AtATime = 10;

    [Fact]
    public async Task Silent_clients_keep_nobody_out()
    {
        var clients = Setting.Number("IDLE") ?? 400;
        await using var gateway = new FaultGateway(limits: string.Create(CultureInfo.InvariantCulture, $"\"connections\": {clients / 4}, \"connectionsPerClient\": 5000"))
        {
            Wrapper = ["/usr/bin/prlimit", "--nofile=1024:1024"],
        };
        await gateway.StartAsync();
        await SendAsync(gateway);
        var usual = await SendAsync(gateway);

        var silent = new List<Socket>();
        for (var number = 0; number < clients; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Home.Port);
            silent.Add(socket);
        }

        // The young are given a second to say something; after that a silent one makes room for each that comes, as it does for the first.
        await SendAsync(gateway, messages: 1);
        var crowded = await SendAsync(gateway);
        await RestsAsync(gateway.Process!.Id);
        silent.ForEach(socket => socket.Dispose());
        var since = Stopwatch.GetTimestamp();
        await SendAsync(gateway, messages: AtATime);

        var recovery = Stopwatch.GetElapsedTime(since);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"p99 {usual.TotalMilliseconds:0} ms usually, {crowded.TotalMilliseconds:0} ms beside {clients} silent clients; {AtATime} served within {recovery.TotalSeconds:0.0} s after they left"));
    }

    /// <summary>Returns once the process needs no more than a twentieth of a core: silent clients cost nothing.</summary>
    private static async Task RestsAsync(int process)
    {
        var (since, before) = (Stopwatch.GetTimestamp(), ProcessorTime());
        await Eventually.TrueAsync(() =>
        {
            var passed = Stopwatch.GetElapsedTime(since);
            if (passed < TimeSpan.FromSeconds(1))
            {
                return false;
            }

            var share = (ProcessorTime() - before) / passed;
            (since, before) = (Stopwatch.GetTimestamp(), ProcessorTime());
            return share <= 0.05;
        });

        TimeSpan ProcessorTime() => Process.GetProcessById(process).TotalProcessorTime;
    }

    /// <summary>Each message over a connection of its own; a client that is turned away tries again, as mail servers do.</summary>
    private static async Task<TimeSpan> SendAsync(FaultGateway gateway, int messages = Honest)
    {
        var times = new List<TimeSpan>();
        await Parallel.ForAsync(0, messages, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (_, _) =>
        {
            var began = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync(async () => await TrySendAsync(gateway));
            lock (times)
            {
                times.Add(Stopwatch.GetElapsedTime(began));
            }
        });
        times.Sort();
        return times[times.Count * 99 / 100];
    }

    private static async Task<bool> TrySendAsync(FaultGateway gateway)
    {
        try
        {
            return (await gateway.Process!.SendAsync("bert@example.com", "bob@example.net", Lines.Message("bert@example.com"))).Code == 250;
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or TimeoutException)
        {
            return false;
        }
    }
}
