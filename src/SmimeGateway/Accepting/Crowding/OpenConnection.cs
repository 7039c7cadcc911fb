using System.Net;

namespace SmimeGateway.Accepting.Crowding;

/// <summary>A connection, as far as it matters for who must go when there are too many.</summary>
internal sealed class OpenConnection : IDisposable
{
    private readonly CancellationTokenSource _departure;
    private readonly Action<string> _abort;
    private long _waitingSince;
    private long _octets;
    private long _begun;
    private long _octetsBefore;
    private bool _isWaiting;
    private bool _isSending;

    /// <summary>A connection that was just taken.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="abort">Cuts it off, for the reason given.</param>
    /// <param name="drain">Cancelled when the listener closes.</param>
    public OpenConnection(long now, Action<string> abort, CancellationToken drain)
    {
        _abort = abort;
        _waitingSince = now;
        _isWaiting = true;
        _departure = CancellationTokenSource.CreateLinkedTokenSource(drain);
    }

    /// <summary>The client, once it is known.</summary>
    public IPAddress? Client { get; set; }

    /// <summary>When it was asked to go, or null.</summary>
    public long? AskedToGo { get; private set; }

    /// <summary>Cancelled when the client is to be told 421 at the next occasion.</summary>
    public CancellationToken Departure => _departure.Token;

    /// <summary>Since when nothing has come from the client, though it is its turn and it is not sending a message; null when it is not so.</summary>
    public long? SilentSince => Volatile.Read(ref _isWaiting) && !Volatile.Read(ref _isSending) ? Volatile.Read(ref _waitingSince) : null;

    /// <summary>It is the client's turn.</summary>
    public void Wait(long now)
    {
        Volatile.Write(ref _waitingSince, now);
        Volatile.Write(ref _isWaiting, true);
    }

    /// <summary>So many octets came in.</summary>
    public void Receive(long octets)
    {
        Volatile.Write(ref _isWaiting, false);
        Volatile.Write(ref _octets, _octets + octets);
    }

    /// <summary>The client may send a message from now on.</summary>
    public void BeginMessage(long now)
    {
        Volatile.Write(ref _octetsBefore, _octets);
        Volatile.Write(ref _begun, now);
        Volatile.Write(ref _isSending, true);
    }

    /// <summary>
    /// The octets per second with which the message has come since it began; null when none is coming, when it is not the client's turn,
    /// or when it began too recently to tell.
    /// </summary>
    public double? MessageRate(long now, TimeSpan atLeast, TimeProvider time)
    {
        var elapsed = time.GetElapsedTime(Volatile.Read(ref _begun), now);
        return Volatile.Read(ref _isSending) && Volatile.Read(ref _isWaiting) && elapsed >= atLeast
            ? (Volatile.Read(ref _octets) - Volatile.Read(ref _octetsBefore)) / elapsed.TotalSeconds
            : null;
    }

    /// <summary>The message was answered or given up.</summary>
    public void EndMessage() => Volatile.Write(ref _isSending, false);

    /// <summary>Remembers since when the connection has been asked to go; it holds no place from then on.</summary>
    public void MarkAsked(long now) => AskedToGo = now;

    /// <summary>Asks the session to end as soon as no transaction is open.</summary>
    public void AskToGo()
    {
        try
        {
            // On another thread: what the session does then is its own time.
            _ = _departure.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just gone by itself.
        }
    }

    /// <summary>Cuts it off.</summary>
    public void Abort(string reason) => _abort(reason);

    /// <inheritdoc/>
    public void Dispose() => _departure.Dispose();
}
