namespace SmimeGateway.Smtp.Server.Wire;

/// <summary>
/// Sees that a message comes in fast enough, minute by minute: who sends an octet every ten seconds is never idle, and holds a
/// connection and memory all the same.
/// </summary>
internal sealed class MinimumRate(Func<int>? octetsPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private long _began;
    private long _octets;

    /// <summary>What is left of the minute; endless where any pace will do.</summary>
    public TimeSpan Left => octetsPerSecond is null ? TimeSpan.MaxValue : Window - time.GetElapsedTime(_began);

    /// <summary>Begins a minute.</summary>
    public void Start()
    {
        if (octetsPerSecond is not null)
        {
            _began = time.GetTimestamp();
            _octets = 0;
        }
    }

    /// <summary>Counts what came.</summary>
    public void Count(long octets) => _octets += octets;

    /// <summary>True when a minute ended in which too little came; after one in which enough came, the next begins.</summary>
    public bool IsTooSlow()
    {
        if (Left > TimeSpan.Zero)
        {
            return false;
        }

        if (_octets < octetsPerSecond!() * (long)Window.TotalSeconds)
        {
            return true;
        }

        Start();
        return false;
    }
}
