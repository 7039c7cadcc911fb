using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Whether an address is worth trying. One that failed is left alone for a while, and then tried by one attempt, not by all.</summary>
internal sealed class NextHopHealth(TimeSpan cooldown)
{
    private readonly Lock _gate = new();
    private DeliveryStatus? _trouble;
    private DateTimeOffset _nextProbe;

    /// <summary>True when the address may be tried now; the caller then reports how it went.</summary>
    /// <param name="now">The time.</param>
    /// <param name="trouble">Why not.</param>
    public bool MayTry(DateTimeOffset now, out DeliveryStatus? trouble)
    {
        lock (_gate)
        {
            trouble = _trouble;

            // A clock that was set back must not keep the address out for longer than the pause.
            if (_trouble is not null && now < _nextProbe && now + cooldown >= _nextProbe)
            {
                return false;
            }

            _nextProbe = now + cooldown;
            return true;
        }
    }

    /// <summary>The address answered.</summary>
    public void Succeeded()
    {
        lock (_gate)
        {
            _trouble = null;
        }
    }

    /// <summary>The address did not answer, or would not begin a session.</summary>
    public void Failed(DateTimeOffset now, DeliveryStatus trouble)
    {
        lock (_gate)
        {
            _trouble = trouble;
            _nextProbe = now + cooldown;
        }
    }
}
