using System.IO.Pipelines;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.Smtp.Server.Commands;
using SmimeGateway.Smtp.Server.Wire;

namespace SmimeGateway.Smtp.Server;

/// <summary>Moves commands and replies between the wire and the <see cref="Dialogue"/>, to the end of the session.</summary>
internal sealed class SessionLoop : IAsyncDisposable
{
    private readonly ISessionObserver _observer;
    private readonly Dialogue _dialogue;
    private readonly SessionWire _wire;
    private readonly MessageReceiver _receiver;
    private readonly AuthExchange _login;
    private readonly GuardedPolicy _policy;

    public SessionLoop(SmtpServerSession session, IDuplexPipe transport, CancellationToken drain)
    {
        _policy = new GuardedPolicy(session.Policy);
        _observer = session.Policy.Observer;
        _dialogue = new Dialogue(session.Options, _policy, session.Identity, session.Time);
        _wire = new SessionWire(transport, session.Time, drain);
        _receiver = new MessageReceiver(session, _policy, _dialogue, _wire);
        _login = new AuthExchange(session.Policy, _policy, _dialogue, _wire);
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
    public async ValueTask DisposeAsync()
    {
        _dialogue.Dispose();
        await _wire.DisposeAsync();
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
        var shown = Describe(command);
        var reply = await _dialogue.AnswerAsync(command);
        if (ReferenceEquals(reply, Replies.LoginBegins))
        {
            var (outcome, end) = await _login.RunAsync(command);
            if (end is not null)
            {
                return end;
            }

            reply = _dialogue.EndLogin(outcome!);
        }

        if (!reply.IsPositive || _observer.WantsEverything)
        {
            _observer.Answered(_dialogue.Identity, shown ?? _wire.Input.DescribeLine(), reply);
        }

        if (_dialogue.State == SessionState.Closed)
        {
            return await _wire.CloseAsync(reply, SessionEnd.Quit);
        }

        _wire.Output.Write(reply);
        return ReferenceEquals(reply, Replies.StartInput) ? await _receiver.ReceiveDataAsync()
            : ReferenceEquals(reply, Replies.ReadyForTls) ? await SecureAsync()
            : null;
    }

    private async ValueTask<SessionEnd?> SecureAsync()
    {
        _wire.Deadline.Set(_dialogue.Patience);
        if (await _wire.SecureAsync(_policy, _dialogue.Identity) is not { } facts)
        {
            return SessionEnd.HandshakeFailed;
        }

        _dialogue.Secure(facts);
        return null;
    }

    // What is no command may be half of a login, and AUTH carries all of one: neither is ever shown. Null where the line may be.
    private static string? Describe(Command command) => command.Verb switch
    {
        SmtpVerb.Unknown => "(no known command)",
        SmtpVerb.NotOffered => "(a command that is not offered)",
        SmtpVerb.Auth => ServerMechanisms.IsKnown(command.Mechanism) ? $"AUTH {command.Mechanism}" : "AUTH",
        _ => null,
    };
}
