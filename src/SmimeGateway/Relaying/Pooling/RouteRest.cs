using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// Lets the mail of a route rest while none of its hosts can be reached. While something waits, a host is asked once per cooldown; once one
/// answers, the mail goes on.
/// </summary>
internal sealed class RouteRest : IAsyncDisposable
{
    // A host that is left alone may be asked again by its own clock; who comes a moment too early is sent away for another cooldown.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    private readonly NextHopPool _pool;
    private readonly TimeSpan _cooldown;
    private readonly string _name;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _timer;
    private Task _look = Task.CompletedTask;
    private IRouteQueue? _queue;
    private bool _isResting;
    private bool _isAsking;

    /// <summary>Nothing rests yet.</summary>
    /// <param name="pool">Where hosts are asked, and sessions go that came of it.</param>
    /// <param name="cooldown">The pause between questions.</param>
    /// <param name="name">The route in the log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears when the route rests and goes on.</param>
    public RouteRest(NextHopPool pool, TimeSpan cooldown, string name, TimeProvider time, ILogger log)
    {
        _pool = pool;
        _cooldown = cooldown;
        _name = name;
        _log = log;
        _timer = time.CreateTimer(static state => ((RouteRest)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How much waits for the route.</summary>
    public RouteQueueFigures Figures => _queue?.Look() ?? default;

    /// <summary>Says what rests.</summary>
    public void Serve(IRouteQueue queue) => _queue = queue;

    /// <summary>No host of the route can be reached.</summary>
    /// <param name="trouble">Why.</param>
    public void Begin(DeliveryStatus trouble)
    {
        lock (_gate)
        {
            if (_closing.IsCancellationRequested || (_isResting && !_isAsking))
            {
                return;
            }

            if (!_isResting)
            {
                Volatile.Write(ref _isResting, true);
                _queue?.Rest();
                RelayingLog.Rests(_log, _name, _cooldown, trouble.Diagnostic);
            }

            // Of a message that was let through to ask: the host is left alone from now on, and is asked again when that is over.
            Arm(isAsking: false);
        }
    }

    /// <summary>A host gave its verdict on a message, or may be tried by everybody. Called for each message, so it costs nothing while all is well.</summary>
    public void End()
    {
        if (!Volatile.Read(ref _isResting))
        {
            return;
        }

        lock (_gate)
        {
            if (_isResting)
            {
                Volatile.Write(ref _isResting, false);
                RelayingLog.GoesOn(_log, _name, Figures.Waiting);
                _queue?.GoOn();
            }
        }
    }

    /// <summary>Ends asking.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _timer.DisposeAsync();
        await _look;
        _closing.Dispose();
    }

    // A question that takes longer than the pause goes on at its end: a second beside it would find out the same.
    private void Look()
    {
        if (_look.IsCompleted)
        {
            _look = LookAsync();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The one broad catch of this loop: what a question breaks is asked again.")]
    private async Task LookAsync()
    {
        try
        {
            // With nothing to deliver nobody is asked: the message that comes next finds out.
            if (Figures.Waiting == 0)
            {
                End();
            }
            else if (await _pool.ProbeAsync(_closing.Token))
            {
                if (_pool.IsSound)
                {
                    End();
                }
                else
                {
                    // Where sessions begin well and are lost, a message is needed to find out more; one will do.
                    Arm(isAsking: true);
                    _queue?.AdmitOne();
                    return;
                }
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

        Arm(isAsking: false);
    }

    private void Arm(bool isAsking)
    {
        lock (_gate)
        {
            _isAsking = isAsking;
            if (_isResting && !_closing.IsCancellationRequested)
            {
                _timer.Change(_cooldown + Margin, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
