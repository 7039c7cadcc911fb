using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SmimeGateway.TestSupport.Faults;

/// <summary>
/// Sends as fast as the server answers, over many connections, and writes down each message it tried and each 250 it read. Goes on when
/// the server dies: reconnects until it is stopped. Every message carries a unique X-Id and the digest of its body.
/// </summary>
public sealed class FaultClient(int port, int connections, int messageBytes = 10_240)
{
    private static readonly TimeSpan ReconnectInterval = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, byte> _tried = new();
    private readonly ConcurrentQueue<AcceptedMessage> _accepted = new();
    private readonly ConcurrentDictionary<string, byte> _refusals = new();
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private int _number;
    private int _refusedAfterData;
    private int _connectionsMade;

    /// <summary>The ids of all messages whose final dot was sent.</summary>
    public IReadOnlyCollection<string> Tried => [.. _tried.Keys];

    /// <summary>The messages that were answered with 250.</summary>
    public IReadOnlyCollection<AcceptedMessage> Accepted => _accepted;

    /// <summary>How many were accepted so far; cheap.</summary>
    public int AcceptedCount => _accepted.Count;

    /// <summary>Connections that were greeted: as many as there are at a time, unless the server dropped one.</summary>
    public int ConnectionsMade => Volatile.Read(ref _connectionsMade);

    /// <summary>Each refusal that was read, by its text without digits that differ, with its first occurrence.</summary>
    public IReadOnlyCollection<string> Refusals => [.. _refusals.Keys];

    /// <summary>How many messages were refused only after all of them had been sent.</summary>
    public int RefusedAfterData => _refusedAfterData;

    /// <summary>The sender of the next message, by its number.</summary>
    public Func<int, string> Sender { get; set; } = _ => "alice@example.com";

    /// <summary>To whom every message goes.</summary>
    public IReadOnlyList<string> Recipients { get; set; } = ["bob@example.net"];

    /// <summary>Sends on all connections until stopped, or until so many were accepted.</summary>
    public Task RunAsync(CancellationToken stop, int limit = int.MaxValue) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendManyAsync(limit, stop), CancellationToken.None)));

    /// <summary>The body digest a message announced, compared with the body it has: null when whole, else what is wrong.</summary>
    public static string? FindTear(byte[] content)
    {
        var text = Encoding.Latin1.GetString(content);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var announced = text.IndexOf("X-Digest: ", StringComparison.Ordinal);
        if (end < 0 || announced < 0 || announced > end)
        {
            return "no header with its digest";
        }

        var digest = text.Substring(announced + "X-Digest: ".Length, 64);
        return digest == Digest(content.AsSpan(end + 4)) ? null : "the body differs from its digest";
    }

    private async Task SendManyAsync(int limit, CancellationToken stop)
    {
        using var pause = new PeriodicTimer(ReconnectInterval);
        while (!stop.IsCancellationRequested && AcceptedCount < limit)
        {
            try
            {
                await using var dialog = await RawSmtpDialog.GreetAsync(port);
                Interlocked.Increment(ref _connectionsMade);
                while (!stop.IsCancellationRequested && AcceptedCount < limit && await SendOneAsync(dialog))
                {
                }
            }
            catch (Exception trouble) when (trouble is SocketException or IOException)
            {
                // The server is dead or just dying; the next connection finds out whether it came back.
            }

            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<bool> SendOneAsync(RawSmtpDialog dialog)
    {
        var number = Interlocked.Increment(ref _number);
        var id = string.Create(CultureInfo.InvariantCulture, $"{_run}-{number}");
        var from = Sender(number);
        var began = Stopwatch.GetTimestamp();
        var reply = await dialog.SendAsync(from, Recipients, Compose(id, from), beforeDot: () => _tried[id] = 0);
        if (reply.Code == 250)
        {
            _accepted.Enqueue(new AcceptedMessage(id, TimeProvider.System.GetUtcNow()) { Took = Stopwatch.GetElapsedTime(began) });
            return true;
        }

        _refusals[reply.Text] = 0;
        if (reply.Code > 0 && _tried.ContainsKey(id))
        {
            Interlocked.Increment(ref _refusedAfterData);
        }

        // After a refusal the connection still serves; after its end it does not.
        return reply.Code >= 400 && (await dialog.CommandAsync("RSET")).Code == 250;
    }

    private byte[] Compose(string id, string from)
    {
        var line = id + new string('x', 70 - id.Length) + "\r\n";
        var body = Encoding.ASCII.GetBytes(new StringBuilder().Insert(0, line, messageBytes / line.Length).ToString());
        var header = $"From: {from}\r\nTo: bob@example.net\r\nSubject: load\r\nX-Id: {id}\r\nX-Digest: {Digest(body)}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(header), .. body];
    }

    private static string Digest(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
