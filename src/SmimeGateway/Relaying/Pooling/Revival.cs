using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// Messages that found no host of their route in reach. While there are any, a host is asked once per cooldown, whether or not a message
/// is due; once one answers, they are made due step by step, so that a host that goes down again meets few of them.
/// </summary>
internal sealed class Revival : IAsyncDisposable
{
    // Beyond this many, messages wait for their own time.
    private const int MostIds = 1_000_000;
    private const int Batch = 1000;

    // Batch and pause allow far more messages than a route carries, and far less than a flood.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A message is stranded a moment before the queue has it back; only what is deferred there can be made due.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private readonly NextHopPool _pool;
    private readonly TimeSpan _cooldown;
    private readonly Action<IReadOnlyList<QueueId>> _wake;
    private readonly string _name;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Dictionary<QueueId, long> _stranded = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _timer;
    private Task _look = Task.CompletedTask;
    private bool _isArmed;
    private bool _isUp = true;

    /// <summary>Nobody is stranded yet.</summary>
    /// <param name="pool">Where hosts are asked, and sessions go that came of it.</param>
    /// <param name="cooldown">The pause between questions.</param>
    /// <param name="wake">Makes messages due.</param>
    /// <param name="name">The route in the log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears when a host is back.</param>
    public Revival(NextHopPool pool, TimeSpan cooldown, Action<IReadOnlyList<QueueId>> wake, string name, TimeProvider time, ILogger log)
    {
        _pool = pool;
        _cooldown = cooldown;
        _wake = wake;
        _name = name;
        _time = time;
        _log = log;
        _timer = time.CreateTimer(static state => ((Revival)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_stranded)
            {
                return _stranded.Count;
            }
        }
    }

    /// <summary>A message found no host in reach.</summary>
    public void Strand(QueueId message)
    {
        lock (_stranded)
        {
            Volatile.Write(ref _isUp, false);
            if (_stranded.Count < MostIds)
            {
                _stranded[message] = _time.GetTimestamp();
            }

            Arm(_cooldown);
        }
    }

    /// <summary>A host gave its verdict on a message. Called for each message, so it costs nothing while all is well.</summary>
    public void Reached()
    {
        if (Volatile.Read(ref _isUp))
        {
            return;
        }

        lock (_stranded)
        {
            Volatile.Write(ref _isUp, true);
            _isArmed = false;
            Arm(TimeSpan.Zero);
        }
    }

    /// <summary>Ends asking, and makes everybody due: a route that replaces this one may know a way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _timer.DisposeAsync();
        await _look;
        if (Take(int.MaxValue, TimeSpan.Zero) is { Count: > 0 } all)
        {
            _wake(all);
        }

        _closing.Dispose();
    }

    private void Look() => _look = LookAsync();

    [SuppressMessage("Design", "CA1031", Justification = "The one broad catch of this loop: what a probe breaks is tried again.")]
    private async Task LookAsync()
    {
        var next = _cooldown;
        try
        {
            var isUp = Volatile.Read(ref _isUp);
            if (isUp || await _pool.ProbeAsync(_closing.Token))
            {
                // Where sessions begin well and are lost, a message is needed to find out more; one will do.
                isUp |= _pool.IsSound;
                Volatile.Write(ref _isUp, isUp);
                var due = Take(isUp ? Batch : 1, Settled);
                if (due.Count > 0)
                {
                    RelayingLog.Reached(_log, _name, due.Count);
                    _wake(due);
                }

                next = isUp ? Pause : _cooldown;
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The gateway stops, or another route takes the place of this one.
            return;
        }
        catch (Exception exception)
        {
            RelayingLog.ProbeBroke(_log, _name, exception);
        }

        lock (_stranded)
        {
            _isArmed = false;
            if (_stranded.Count > 0)
            {
                Arm(next);
            }
        }
    }

    private List<QueueId> Take(int most, TimeSpan age)
    {
        lock (_stranded)
        {
            var taken = _stranded.Where(entry => _time.GetElapsedTime(entry.Value) >= age).Take(most).Select(entry => entry.Key).ToList();
            taken.ForEach(id => _stranded.Remove(id));
            return taken;
        }
    }

    private void Arm(TimeSpan pause)
    {
        if (!_isArmed && !_closing.IsCancellationRequested)
        {
            _isArmed = true;
            _timer.Change(pause, Timeout.InfiniteTimeSpan);
        }
    }
}
