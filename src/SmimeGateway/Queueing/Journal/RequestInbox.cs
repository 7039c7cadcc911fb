namespace SmimeGateway.Queueing.Journal;

/// <summary>Where requests collect for the writer, and where it sleeps while there are none.</summary>
internal sealed class RequestInbox : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private List<CommitRequest> _pending = [];
    private bool _isAsleep;
    private bool _isClosed;

    /// <summary>Adds a request; false when the writer takes no more.</summary>
    public bool TryAdd(CommitRequest request)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _pending.Add(request);
            Wake();
            return true;
        }
    }

    /// <summary>Wakes the writer, so that it looks anew how long it may sleep.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    /// <summary>Takes no more requests, and wakes the writer for the last ones.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Wake();
        }
    }

    /// <summary>Exchanges the empty batch for all requests that have come, waiting for the first no longer than told.</summary>
    /// <param name="batch">Empty; filled with what has come.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="isTick">True when that time has passed with nothing to do.</param>
    /// <returns>False when it is closed and empty.</returns>
    public bool TryTake(ref List<CommitRequest> batch, TimeSpan patience, out bool isTick)
    {
        isTick = false;
        lock (_gate)
        {
            _isAsleep = _pending.Count == 0 && !_isClosed && patience != TimeSpan.Zero;
            if (!_isAsleep)
            {
                return Exchange(ref batch);
            }
        }

        var isWoken = _wake.Wait(patience);
        lock (_gate)
        {
            isTick = !isWoken && _isAsleep;
            if (!isWoken && !_isAsleep)
            {
                // Somebody woke the writer just after it had given up waiting; what was signalled must be taken.
                _wake.Wait();
            }

            _isAsleep = false;
            return Exchange(ref batch);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _wake.Dispose();

    private void Wake()
    {
        if (_isAsleep)
        {
            _isAsleep = false;
            _wake.Release();
        }
    }

    private bool Exchange(ref List<CommitRequest> batch)
    {
        (batch, _pending) = (_pending, batch);
        return batch.Count > 0 || !_isClosed;
    }
}
