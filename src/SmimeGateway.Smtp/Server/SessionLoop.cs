using System.IO.Pipelines;

namespace SmimeGateway.Smtp.Server;

/// <summary>Moves octets between the wire and the <see cref="Dialogue"/>, and watches the clock.</summary>
internal sealed class SessionLoop : IDisposable
{
    // How long the last words may take to a client that does not listen.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    // A size that was announced far too small is no estimate (RFC 1870 section 6.3).
    private const long MaxUnannounced = 1024 * 1024;

    private readonly SmtpServerOptions _options;
    private readonly SmtpServerPolicy _policy;
    private readonly TimeProvider _time;
    private readonly CancellationToken _drain;
    private readonly Dialogue _dialogue;
    private readonly SmtpInput _input;
    private readonly SmtpOutput _output;
    private readonly DataDecoder _decoder = new();
    private readonly SessionDeadline _deadline;
    private readonly CancellationTokenRegistration _draining;

    public SessionLoop(SmtpServerSession session, IDuplexPipe transport, CancellationToken drain)
    {
        _options = session.Options;
        _policy = session.Policy;
        _time = session.Time;
        _drain = drain;
        _dialogue = new Dialogue(_options, _policy, session.Identity, _time);
        _input = new SmtpInput(transport.Input);
        _output = new SmtpOutput(transport.Output);
        _deadline = new SessionDeadline(_time, () =>
        {
            transport.Input.CancelPendingRead();
            transport.Output.CancelPendingFlush();
        });
        _draining = drain.UnsafeRegister(static pipe => ((IDuplexPipe)pipe!).Input.CancelPendingRead(), transport);
    }

    /// <summary>Who the client is, as far as it said.</summary>
    public SmtpSessionIdentity Identity => _dialogue.Identity;

    /// <summary>Holds the conversation to its end.</summary>
    public async Task<SessionEnd> RunAsync()
    {
        _output.Write(_dialogue.Greeting());
        SetDeadline();
        while (true)
        {
            // The running transaction is finished, whatever the reason for stopping; no other is begun.
            if (_drain.IsCancellationRequested && _dialogue.Transaction is null)
            {
                return await CloseAsync(Replies.ShuttingDown, SessionEnd.Drained);
            }

            if (!_input.TryTakeCommand(out var command))
            {
                if (await WaitAsync() is { } end)
                {
                    return end;
                }

                continue;
            }

            if (await FollowAsync(command) is { } last)
            {
                return last;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _draining.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<SessionEnd?> FollowAsync(Command command)
    {
        _deadline.Clear();
        var reply = await _dialogue.AnswerAsync(command);
        Tell(command, reply);
        if (_dialogue.State == SessionState.Closed)
        {
            return await CloseAsync(reply, SessionEnd.Quit);
        }

        _output.Write(reply);
        if (ReferenceEquals(reply, Replies.StartInput) && await ReceiveAsync() is { } end)
        {
            return end;
        }

        if (_dialogue.HasTooManyErrors)
        {
            return await CloseAsync(Replies.TooManyErrors, SessionEnd.TooManyErrors);
        }

        SetDeadline();
        return _output.IsFull && !await _output.FlushAsync(_deadline) ? Unreachable() : null;
    }

    private async ValueTask<SessionEnd?> ReceiveAsync()
    {
        var transaction = _dialogue.Transaction!;
        var announced = transaction.Parameters.Size;
        var limit = announced is { } size ? Math.Min(_options.MaxMessageBytes, (2 * size) + MaxUnannounced) : _options.MaxMessageBytes;

        // From here on the message costs memory: what bounds the memory of all messages together has its place before this line.
        _decoder.Start(transaction.Prefix.Span, announced, limit);
        while (!_input.TryTakeData(_decoder))
        {
            SetDeadline();
            if (await WaitAsync() is { } end)
            {
                _decoder.Abandon();
                return end;
            }
        }

        _deadline.Clear();
        var reply = await _dialogue.FinishAsync(_decoder.Fault, _decoder.Take());
        _policy.Observer.MessageAnswered(_dialogue.Identity, transaction.Envelope, _decoder.Octets, reply);
        _output.Write(reply);
        return null;
    }

    // Replies leave before the client is waited for, and only then: those to pipelined commands go together.
    private async ValueTask<SessionEnd?> WaitAsync()
    {
        if (!await _output.FlushAsync(_deadline))
        {
            return Unreachable();
        }

        return await _input.WaitAsync() switch
        {
            SmtpInput.Arrival.End => SessionEnd.ClientGone,
            SmtpInput.Arrival.Interruption when _deadline.HasPassed => await CloseAsync(Replies.TimedOut, SessionEnd.TimedOut),
            _ => null,
        };
    }

    private async ValueTask<SessionEnd> CloseAsync(SmtpReply lastWords, SessionEnd end)
    {
        _output.Write(lastWords);
        _deadline.Set(Farewell);
        return await _output.FlushAsync(_deadline) ? end : Unreachable();
    }

    private SessionEnd Unreachable() => _deadline.HasPassed ? SessionEnd.Stalled : SessionEnd.ClientGone;

    // An unfinished command line does not move the deadline, only finished ones and data do.
    private void SetDeadline()
    {
        var due = _options.IdleTimeout;
        if (_dialogue.Transaction is { } transaction)
        {
            var left = _options.TransactionTimeout - _time.GetElapsedTime(transaction.Started);
            due = left < due ? left : due;
        }

        _deadline.Set(due);
    }

    private void Tell(Command command, SmtpReply reply)
    {
        if (!reply.IsPositive || _policy.Observer.WantsEverything)
        {
            // What is no command may be half of a login: it is never shown.
            var shown = command.Verb is SmtpVerb.Unknown or SmtpVerb.NotOffered ? $"({command.Verb})" : _input.DescribeLine();
            _policy.Observer.Answered(_dialogue.Identity, shown, reply);
        }
    }
}
