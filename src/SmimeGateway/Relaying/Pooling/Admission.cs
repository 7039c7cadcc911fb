using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// Bounds how many messages a next hop works on, and keeps the rest from waiting for a slow one: a message that would have to wait too
/// long is turned away, so that its worker can serve another route.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to release as long as nobody asks for its wait handle.")]
internal sealed class Admission
{
    // A wait that is expected to be shorter than this costs less than turning away.
    private static readonly TimeSpan WorthWaiting = TimeSpan.FromMilliseconds(250);

    private readonly int _places;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _free;
    private long _averageStayTicks;

    public Admission(int places, TimeSpan patience, TimeProvider time)
    {
        _places = places;
        _patience = patience;
        _time = time;
        _free = new SemaphoreSlim(places, places);
    }

    /// <summary>How long the next place will take to become free, judged by how long places were held lately.</summary>
    private TimeSpan ExpectedWait => TimeSpan.FromTicks(Volatile.Read(ref _averageStayTicks) / _places);

    /// <summary>How many places are free.</summary>
    public int FreePlaces => _free.CurrentCount;

    /// <summary>Takes a place, or returns false when the next hop is too slow to wait for.</summary>
    public ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken) =>
        _free.Wait(0, cancellationToken) ? new ValueTask<bool>(true)
        : ExpectedWait > WorthWaiting ? new ValueTask<bool>(false)
        : WaitAsync(cancellationToken);

    /// <summary>Gives the place back.</summary>
    /// <param name="entered">The timestamp of entering.</param>
    public void Leave(long entered)
    {
        // Two leaving at once may lose one sample of a running average, which does not matter.
        var average = Volatile.Read(ref _averageStayTicks);
        Volatile.Write(ref _averageStayTicks, average + ((_time.GetElapsedTime(entered).Ticks - average) / 8));
        _free.Release();
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _free.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody left in all that time, so no sample tells how slow it is: count it as slow until somebody leaves quickly.
            Volatile.Write(ref _averageStayTicks, Math.Max(Volatile.Read(ref _averageStayTicks), _patience.Ticks * _places));
            return false;
        }
    }
}
