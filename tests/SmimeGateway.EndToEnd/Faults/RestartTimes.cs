using System.Diagnostics;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Strikes a server again and again while a client sends, each time after a random number of messages, and notes how long it was away.</summary>
internal static class RestartTimes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns a sentence about the time from each strike to the next 250.</summary>
    public static async Task<string> MeasureAsync(FaultClient client, int strikes, Func<Task> strikeAndStart)
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(strikes);
        var sending = client.RunAsync(stop.Token);
        var away = new List<double>();
        for (var strike = 0; strike < strikes; strike++)
        {
            var target = client.AcceptedCount + random.Next(100, 500);
            await Eventually.TrueAsync(() => client.AcceptedCount >= target, Patience);
            var struck = Stopwatch.GetTimestamp();
            await strikeAndStart();
            var before = client.AcceptedCount;
            await Eventually.TrueAsync(() => client.AcceptedCount > before, Patience);
            away.Add(Stopwatch.GetElapsedTime(struck).TotalSeconds);
        }

        await stop.CancelAsync();
        await sending;
        away.Sort();
        return $"until the next 250: median {away[away.Count / 2]:0.0} s, longest {away[^1]:0.0} s";
    }
}
