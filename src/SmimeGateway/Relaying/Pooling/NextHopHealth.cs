using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// Whether an address is worth trying. One that gives no session, or loses one session after the other, is left alone for a while, and then
/// tried by one attempt, not by all.
/// </summary>
internal sealed class NextHopHealth(TimeSpan cooldown)
{
    // One lost session is a message too strange or a server that restarts; so many in a row without a verdict in between are a server
    // that takes no mail, and each costs a new connection.
    private const int LossesToRest = 5;

    private readonly Lock _gate = new();
    private DeliveryStatus? _trouble;
    private DateTimeOffset _troubleAt;
    private DateTimeOffset _nextProbe;
    private bool _isResting;
    private bool _needsVerdict;
    private int _losses;

    /// <summary>True while everybody may try.</summary>
    public bool IsSound => !Volatile.Read(ref _isResting);

    /// <summary>True when the address may be tried now; the caller then reports how it went.</summary>
    /// <param name="now">The time.</param>
    /// <param name="trouble">Why not.</param>
    public bool MayTry(DateTimeOffset now, out DeliveryStatus? trouble)
    {
        lock (_gate)
        {
            trouble = _trouble;

            // A clock that was set back must not keep the address out for longer than the pause.
            if (_isResting && now < _nextProbe && now + cooldown >= _nextProbe)
            {
                return false;
            }

            _nextProbe = now + cooldown;
            return true;
        }
    }

    /// <summary>A session began. That ends a rest, unless it was sessions that began well and were lost that led to it.</summary>
    public void Opened()
    {
        if (IsSound)
        {
            return;
        }

        lock (_gate)
        {
            if (!_needsVerdict)
            {
                Recover();
            }
        }
    }

    /// <summary>The server gave its verdict on a message, whatever it was. Called for each message, so it costs nothing while all is well.</summary>
    public void Answered()
    {
        if (IsSound && Volatile.Read(ref _losses) == 0)
        {
            return;
        }

        lock (_gate)
        {
            Recover();
        }
    }

    /// <summary>The address did not answer, or would not begin a session.</summary>
    public void Failed(DateTimeOffset now, DeliveryStatus trouble)
    {
        lock (_gate)
        {
            Rest(now, trouble);
        }
    }

    /// <summary>A session was lost in the middle of a message. True when that begins a rest.</summary>
    public bool Lost(DateTimeOffset now, DeliveryStatus trouble)
    {
        lock (_gate)
        {
            (_trouble, _troubleAt) = (trouble, now);
            if (++_losses < LossesToRest && !_isResting)
            {
                return false;
            }

            var begins = !_isResting;
            _needsVerdict = true;
            Rest(now, trouble);
            return begins;
        }
    }

    /// <summary>Until when the address is left alone, or null while it is sound, and the last trouble with its time, or null.</summary>
    public (DateTimeOffset? RestingUntil, DeliveryStatus? Trouble, DateTimeOffset TroubleAt) Look()
    {
        lock (_gate)
        {
            return (_isResting ? _nextProbe : null, _trouble, _troubleAt);
        }
    }

    private void Rest(DateTimeOffset now, DeliveryStatus trouble)
    {
        (_trouble, _troubleAt) = (trouble, now);
        _nextProbe = now + cooldown;
        Volatile.Write(ref _isResting, true);
    }

    // The trouble stays, for those who ask what it was.
    private void Recover()
    {
        _needsVerdict = false;
        Volatile.Write(ref _losses, 0);
        Volatile.Write(ref _isResting, false);
    }
}
