using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace SmimeGateway.Smtp.Server.Wire;

/// <summary>The two directions of a connection, and the clock over both. TLS may come between in the middle of a session.</summary>
internal sealed class SessionWire : IAsyncDisposable
{
    // How long the last words may take to a client that does not listen.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    // A handshake is two round trips and a signature.
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly CancellationToken _drain;
    private IDuplexPipe _transport;
    private IAsyncDisposable? _security;
    private CancellationTokenRegistration _draining;

    public SessionWire(IDuplexPipe transport, TimeProvider time, CancellationToken drain)
    {
        _time = time;
        _drain = drain;
        Deadline = new LazyDeadline(time, Interrupt);
        Attach(transport);
    }

    /// <summary>What the client sends.</summary>
    public SmtpInput Input { get; private set; }

    /// <summary>What the client is told.</summary>
    public SmtpOutput Output { get; private set; }

    /// <summary>When the client has been silent for too long.</summary>
    public LazyDeadline Deadline { get; }

    /// <summary>True when the server is shutting down.</summary>
    public bool IsDraining => _drain.IsCancellationRequested;

    /// <summary>
    /// Waits for more to come, or to be looked at anew. Replies leave before the client is waited for, and only then: those to
    /// pipelined commands go together.
    /// </summary>
    /// <param name="rate">Where the deadline may be no more than the end of a minute, the rate that is asked then.</param>
    public async ValueTask<SessionEnd?> WaitAsync(MinimumRate? rate = null)
    {
        if (!await FlushAsync())
        {
            return Unreachable();
        }

        return await Input.WaitAsync() switch
        {
            SmtpInput.Arrival.End => SessionEnd.ClientGone,
            SmtpInput.Arrival.Interruption when Deadline.HasPassed && !(rate?.Left <= TimeSpan.Zero) => await CloseAsync(Replies.TimedOut, SessionEnd.TimedOut),
            _ => null,
        };
    }

    /// <summary>Sends what is pending. False when it cannot be sent.</summary>
    public ValueTask<bool> FlushAsync() => Output.FlushAsync(Deadline);

    /// <summary>Says the last words.</summary>
    public async ValueTask<SessionEnd> CloseAsync(SmtpReply lastWords, SessionEnd end)
    {
        Output.Write(lastWords);
        Deadline.Set(Farewell);
        return await FlushAsync() ? end : Unreachable();
    }

    /// <summary>
    /// Sends the replies that are pending, the go-ahead for TLS among them, and puts TLS between. Whatever arrived before is gone:
    /// it came from whoever can write to an open connection (RFC 3207 section 6). Null when there is no TLS, and nothing else any more.
    /// </summary>
    public async ValueTask<TlsFacts?> SecureAsync(GuardedPolicy policy, SmtpSessionIdentity identity)
    {
        // During the handshake the pipe is not ours to interrupt.
        await _draining.DisposeAsync();
        Input.Discard();
        if (!await FlushAsync())
        {
            return null;
        }

        Deadline.Clear();
        using var patience = new CancellationTokenSource(Handshake, _time);
        if (await policy.SecureAsync(identity, _transport, patience.Token) is not { } secured)
        {
            return null;
        }

        _security = secured.Owner;
        Attach(secured.Pipe);
        return secured.Facts;
    }

    /// <summary>Why nothing could be sent.</summary>
    public SessionEnd Unreachable() => Deadline.HasPassed ? SessionEnd.Stalled : SessionEnd.ClientGone;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _draining.DisposeAsync();
        Deadline.Dispose();
        if (_security is { } security)
        {
            try
            {
                // A client that does not read cannot be waited for without end.
                await security.DisposeAsync().AsTask().WaitAsync(Farewell, _time);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or TimeoutException or ObjectDisposedException)
            {
                // The connection is lost anyway.
            }
        }
    }

    [MemberNotNull(nameof(_transport), nameof(Input), nameof(Output))]
    private void Attach(IDuplexPipe transport)
    {
        Volatile.Write(ref _transport!, transport);
        Input = new SmtpInput(transport.Input);
        Output = new SmtpOutput(transport.Output);
        _draining = _drain.UnsafeRegister(static pipe => ((IDuplexPipe)pipe!).Input.CancelPendingRead(), transport);
    }

    private void Interrupt()
    {
        var transport = Volatile.Read(ref _transport);
        transport.Input.CancelPendingRead();
        transport.Output.CancelPendingFlush();
    }
}
