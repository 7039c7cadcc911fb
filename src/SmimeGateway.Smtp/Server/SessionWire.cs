using System.IO.Pipelines;

namespace SmimeGateway.Smtp.Server;

/// <summary>The two directions of a connection, and the clock over both.</summary>
internal sealed class SessionWire : IDisposable
{
    // How long the last words may take to a client that does not listen.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly CancellationToken _drain;
    private readonly CancellationTokenRegistration _draining;

    public SessionWire(IDuplexPipe transport, TimeProvider time, CancellationToken drain)
    {
        _drain = drain;
        Input = new SmtpInput(transport.Input);
        Output = new SmtpOutput(transport.Output);
        Deadline = new SessionDeadline(time, () =>
        {
            transport.Input.CancelPendingRead();
            transport.Output.CancelPendingFlush();
        });
        _draining = drain.UnsafeRegister(static pipe => ((IDuplexPipe)pipe!).Input.CancelPendingRead(), transport);
    }

    /// <summary>What the client sends.</summary>
    public SmtpInput Input { get; }

    /// <summary>What the client is told.</summary>
    public SmtpOutput Output { get; }

    /// <summary>When the client has been silent for too long.</summary>
    public SessionDeadline Deadline { get; }

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

    /// <summary>Why nothing could be sent.</summary>
    public SessionEnd Unreachable() => Deadline.HasPassed ? SessionEnd.Stalled : SessionEnd.ClientGone;

    /// <inheritdoc/>
    public void Dispose()
    {
        _draining.Dispose();
        Deadline.Dispose();
    }
}
