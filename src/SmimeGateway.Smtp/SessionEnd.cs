namespace SmimeGateway.Smtp;

/// <summary>Why a server session ended.</summary>
public enum SessionEnd
{
    /// <summary>The client said QUIT.</summary>
    Quit,

    /// <summary>The client closed the connection, or it broke.</summary>
    ClientGone,

    /// <summary>The client was silent, or its transaction took too long; it was told 421 4.4.2.</summary>
    TimedOut,

    /// <summary>The client did not read our replies in time, so nothing more can be said to it.</summary>
    Stalled,

    /// <summary>Too many errors; the client was told 421 4.7.0.</summary>
    TooManyErrors,

    /// <summary>The message came in too slowly; the client was told 421 4.4.2.</summary>
    TooSlow,

    /// <summary>
    /// The client announced octets in a way that leaves open where the next command begins, or more than anybody could want to
    /// receive; it was told 501 or 552.
    /// </summary>
    OutOfStep,

    /// <summary>The TLS handshake failed, so that nothing could be said any more.</summary>
    HandshakeFailed,

    /// <summary>The server is shutting down; the client was told 421 4.3.2.</summary>
    Drained,
}
