using System.IO.Pipelines;

namespace SmimeGateway.Smtp.Server;

/// <summary>Moves commands and replies between the wire and the <see cref="Dialogue"/>, to the end of the session.</summary>
internal sealed class SessionLoop : IDisposable
{
    private readonly ISessionObserver _observer;
    private readonly Dialogue _dialogue;
    private readonly SessionWire _wire;
    private readonly MessageReceiver _receiver;

    public SessionLoop(SmtpServerSession session, IDuplexPipe transport, CancellationToken drain)
    {
        var policy = new GuardedPolicy(session.Policy);
        _observer = session.Policy.Observer;
        _dialogue = new Dialogue(session.Options, policy, session.Identity, session.Time);
        _wire = new SessionWire(transport, session.Time, drain);
        _receiver = new MessageReceiver(session, policy, _dialogue, _wire);
    }

    /// <summary>Who the client is, as far as it said.</summary>
    public SmtpSessionIdentity Identity => _dialogue.Identity;

    /// <summary>Holds the conversation to its end.</summary>
    public async Task<SessionEnd> RunAsync()
    {
        _wire.Output.Write(_dialogue.Greeting());
        _wire.Deadline.Set(_dialogue.Patience);
        while (true)
        {
            // The running transaction is finished, whatever the reason for stopping; no other is begun.
            if (_wire.IsDraining && _dialogue.Transaction is null)
            {
                return await _wire.CloseAsync(Replies.ShuttingDown, SessionEnd.Drained);
            }

            // An unfinished command line does not move the deadline, only finished ones and data do.
            var end = _wire.Input.TryTakeCommand(out var command) ? await FollowAsync(command) : await _wire.WaitAsync();
            if (end is { } reason)
            {
                return reason;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dialogue.Dispose();
        _wire.Dispose();
    }

    private async ValueTask<SessionEnd?> FollowAsync(Command command)
    {
        _wire.Deadline.Clear();
        var end = command.Verb == SmtpVerb.Bdat ? await _receiver.ReceiveChunkAsync(command) : await AnswerAsync(command);
        if (end is not null)
        {
            return end;
        }

        if (_dialogue.HasTooManyErrors)
        {
            return await _wire.CloseAsync(Replies.TooManyErrors, SessionEnd.TooManyErrors);
        }

        _wire.Deadline.Set(_dialogue.Patience);
        return _wire.Output.IsFull && !await _wire.FlushAsync() ? _wire.Unreachable() : null;
    }

    private async ValueTask<SessionEnd?> AnswerAsync(Command command)
    {
        var reply = await _dialogue.AnswerAsync(command);
        Tell(command, reply);
        if (_dialogue.State == SessionState.Closed)
        {
            return await _wire.CloseAsync(reply, SessionEnd.Quit);
        }

        _wire.Output.Write(reply);
        return ReferenceEquals(reply, Replies.StartInput) ? await _receiver.ReceiveDataAsync() : null;
    }

    private void Tell(Command command, SmtpReply reply)
    {
        if (!reply.IsPositive || _observer.WantsEverything)
        {
            // What is no command may be half of a login: it is never shown.
            var shown = command.Verb is SmtpVerb.Unknown or SmtpVerb.NotOffered ? $"({command.Verb})" : _wire.Input.DescribeLine();
            _observer.Answered(_dialogue.Identity, shown, reply);
        }
    }
}
