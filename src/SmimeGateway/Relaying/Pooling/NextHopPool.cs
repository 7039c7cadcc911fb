using System.Net;
using Microsoft.Extensions.Logging;
using SmimeGateway.Relaying.Securing;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// The connections of one route, reused: the one returned last is lent first, so that those beyond the need grow idle and are closed. There
/// are never more than the route may have, those that are being opened or closed among them.
/// </summary>
internal sealed class NextHopPool : IAsyncDisposable
{
    private static readonly DeliveryStatus Closed = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 3, 2), "The route has been replaced, or the gateway stops.", null);

    private readonly NextHopOptions _options;
    private readonly NextHopConnector _connector;
    private readonly TimeProvider _time;
    private readonly Stack<PooledSession> _idle = new();
    private readonly ITimer _sweep;
    private TaskCompletionSource _freed = NewSignal();
    private int _waiting;
    private int _open;
    private int _sessions;
    private bool _isClosed;

    public NextHopPool(NextHopOptions options, SmtpClientOptions client, RouteSecurity? security, TimeProvider time, ILogger log)
    {
        _options = options;
        _connector = new NextHopConnector(options, client, security, time, log);
        _time = time;
        _sweep = time.CreateTimer(static state => ((NextHopPool)state!).CloseExpired(), this, options.Idle, options.Idle);
    }

    /// <summary>True while some address may be used by everybody; also before any was tried.</summary>
    public bool IsSound => !_connector.Addresses.Any() || _connector.Addresses.Any(address => address.Health.IsSound);

    /// <summary>How each address used so far is doing.</summary>
    public IReadOnlyList<NextHopStatus> Look() =>
        [.. _connector.Look().OrderBy(status => status.Host, StringComparer.Ordinal).ThenBy(status => status.Address, StringComparer.Ordinal)];

    /// <summary>Opens a session for whoever comes next, unless an address was asked a short while ago. True when there is one.</summary>
    public async ValueTask<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(avoid: null, cancellationToken);
        if (connection.Session is { } session)
        {
            Return(session);
        }

        // Where others are open, or being opened, the route is at work.
        return connection.IsOpen || connection.IsBusy;
    }

    /// <summary>Lends a session, kept or new. Where every host has as many connections as it may, it waits for one to become free.</summary>
    /// <param name="avoid">A host that just failed this message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<NextHopConnection> RentAsync(DnsEndPoint? avoid, CancellationToken cancellationToken) =>
        TakeFitting() is { } session ? new ValueTask<NextHopConnection>(new NextHopConnection(session, null)) : ConnectAsync(avoid, cancellationToken);

    /// <summary>Takes a session back; one that cannot be used again is closed.</summary>
    public void Return(PooledSession session)
    {
        if (session.Session.IsReusable && session.Session.Transactions < _options.MaxUses)
        {
            session.Returned = _time.GetTimestamp();
            lock (_idle)
            {
                if (!_isClosed)
                {
                    _idle.Push(session);
                    Signal();
                    return;
                }
            }
        }

        Retire(session);
    }

    /// <summary>Closes the sessions that nobody has; those on loan are closed when they come back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        PooledSession[] idle;
        lock (_idle)
        {
            _isClosed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        // Who waits for a connection of these need not wait for it any longer: another route may have one.
        Signal();
        await Task.WhenAll(idle.Select(CloseAsync));
        await _connector.DisposeAsync();
    }

    private async ValueTask<NextHopConnection> ConnectAsync(DnsEndPoint? avoid, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = await OpenAsync(avoid, cancellationToken);
            if (!connection.IsBusy)
            {
                return connection;
            }

            Interlocked.Increment(ref _waiting);
            try
            {
                // Asked for before looking once more, so that nothing that becomes free meanwhile is missed.
                var freed = Volatile.Read(ref _freed).Task;
                if (TakeFitting() is { } session)
                {
                    return new NextHopConnection(session, null);
                }

                connection = await OpenAsync(avoid, cancellationToken);
                if (!connection.IsBusy)
                {
                    return connection;
                }

                await freed.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }

            if (TakeFitting() is { } kept)
            {
                return new NextHopConnection(kept, null);
            }
        }
    }

    private async ValueTask<NextHopConnection> OpenAsync(DnsEndPoint? avoid, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isClosed))
        {
            return new NextHopConnection(null, Closed);
        }

        if (Interlocked.Increment(ref _open) > _options.Connections)
        {
            Interlocked.Decrement(ref _open);
            return new NextHopConnection(null, null) { IsBusy = true };
        }

        NextHopConnection connection = default;
        try
        {
            connection = await _connector.ConnectAsync(avoid, cancellationToken);
            if (connection.IsOpen)
            {
                Interlocked.Increment(ref _sessions);
            }
            else if (avoid is null && Volatile.Read(ref _sessions) > 0 && !Volatile.Read(ref _isClosed))
            {
                // No further connection is not the end of those there are: a server may allow so many and no more.
                connection = connection with { IsBusy = true };
            }

            return connection;
        }
        finally
        {
            if (!connection.IsOpen)
            {
                Interlocked.Decrement(ref _open);

                // Who is busy waits for one of those at work, which tells when it is free: told now, it would ask again and again.
                if (!connection.IsBusy)
                {
                    Signal();
                }
            }
        }
    }

    private PooledSession? TakeFitting()
    {
        while (TakeIdle() is { } session)
        {
            if (!IsExpired(session))
            {
                return session;
            }

            Retire(session);
        }

        return null;
    }

    private PooledSession? TakeIdle()
    {
        lock (_idle)
        {
            return _idle.TryPop(out var session) ? session : null;
        }
    }

    private void CloseExpired()
    {
        List<PooledSession> expired = [];
        lock (_idle)
        {
            PooledSession[] kept = [.. _idle];
            _idle.Clear();

            // Enumeration begins at the top, so the bottom is pushed first.
            for (var i = kept.Length - 1; i >= 0; i--)
            {
                if (IsExpired(kept[i]))
                {
                    expired.Add(kept[i]);
                }
                else
                {
                    _idle.Push(kept[i]);
                }
            }
        }

        expired.ForEach(Retire);
    }

    private bool IsExpired(PooledSession session) =>
        _time.GetElapsedTime(session.Returned) >= _options.Idle || _time.GetElapsedTime(session.Opened) >= _options.Age;

    // Nobody waits for a goodbye, and it cannot fail.
    private void Retire(PooledSession session) => _ = CloseAsync(session);

    private async Task CloseAsync(PooledSession session)
    {
        Interlocked.Decrement(ref _sessions);
        await (session.Session.IsReusable ? session.Session.QuitAsync(CancellationToken.None) : session.Session.DisposeAsync().AsTask());
        session.Address.Release();
        Interlocked.Decrement(ref _open);
        Signal();
    }

    // Nearly nobody waits, and then it costs nothing.
    private void Signal()
    {
        if (Volatile.Read(ref _waiting) > 0)
        {
            Interlocked.Exchange(ref _freed, NewSignal()).TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
