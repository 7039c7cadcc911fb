using SmimeGateway.Smtp.Server.Commands;
using SmimeGateway.Smtp.Server.Content;
using SmimeGateway.Smtp.Server.Wire;

namespace SmimeGateway.Smtp.Server;

/// <summary>Brings messages from the wire into the intake: after DATA up to the final dot, after BDAT as many octets as it says.</summary>
internal sealed class MessageReceiver
{
    // A client that ignores the announced SIZE is heard to the end, so that it reads why. One that announces several times as much
    // at once is not worth the traffic.
    private const int MaxSwallowed = 4;

    private readonly SmtpServerOptions _options;
    private readonly ISessionObserver _observer;
    private readonly GuardedPolicy _policy;
    private readonly Dialogue _dialogue;
    private readonly SessionWire _wire;
    private readonly DataDecoder _data;
    private readonly ChunkDecoder _chunks;
    private readonly MinimumRate _rate;
    private readonly TimeProvider _time;
    private long _arrived;

    public MessageReceiver(SmtpServerSession session, GuardedPolicy policy, Dialogue dialogue, SessionWire wire)
    {
        _options = session.Options;
        _time = session.Time;
        _observer = session.Policy.Observer;
        _policy = policy;
        _dialogue = dialogue;
        _wire = wire;
        _data = new DataDecoder(dialogue.Intake, _options.MaxLineBytes);
        _chunks = new ChunkDecoder(dialogue.Intake, _options.MaxLineBytes);
        _rate = new MinimumRate(session.Policy.MinBytesPerSecond, session.Time);
    }

    /// <summary>Takes the message after a 354, and answers its final dot.</summary>
    public async ValueTask<SessionEnd?> ReceiveDataAsync()
    {
        _data.Start();
        _rate.Start();
        _arrived = _time.GetTimestamp();
        while (true)
        {
            await EnsureMemoryAsync(_dialogue.Intake.Octets + _wire.Input.Buffered);
            var before = _wire.Input.Buffered;
            if (_wire.Input.TryTakeData(_data))
            {
                break;
            }

            if (await WaitAsync(before) is { } end)
            {
                return end;
            }
        }

        _wire.Deadline.Clear();
        var transaction = _dialogue.Transaction!;
        Tell(transaction, await _dialogue.FinishAsync());
        return null;
    }

    /// <summary>Takes the octets after BDAT, or throws them away, and answers them.</summary>
    public async ValueTask<SessionEnd?> ReceiveChunkAsync(Command command)
    {
        if (command.ChunkSize is not { } left)
        {
            // Nobody knows where the next command begins. Guessing is how octets of a message become commands.
            return await CloseAsync(Replies.ChunkSyntax);
        }

        if (left / MaxSwallowed > _options.MaxMessageBytes)
        {
            return await CloseAsync(Replies.MessageTooBig);
        }

        _arrived = _time.GetTimestamp();
        var isFirst = _dialogue.State != SessionState.Chunking;
        var refusal = await _dialogue.BeginChunkAsync(command);
        if (isFirst)
        {
            _chunks.Start();
            _rate.Start();
        }

        if (refusal is null)
        {
            await EnsureMemoryAsync(_dialogue.Intake.Octets + left);
        }

        while (true)
        {
            var taken = _wire.Input.TakeChunk(refusal is null ? _chunks : null, left);
            left -= taken;
            if (left == 0)
            {
                _rate.Count(taken);
                break;
            }

            if (await WaitAsync(taken) is { } end)
            {
                return end;
            }
        }

        _wire.Deadline.Clear();
        await AnswerChunkAsync(command, refusal);
        return null;
    }

    private async ValueTask AnswerChunkAsync(Command command, SmtpReply? refusal)
    {
        if (command.IsLastChunk && refusal is null)
        {
            _chunks.Finish();
        }

        // A message without recipients never began.
        var transaction = _dialogue.Transaction;
        var reply = await _dialogue.EndChunkAsync(command, refusal);
        if (command.IsLastChunk && transaction?.Recipients > 0)
        {
            Tell(transaction, reply);
            return;
        }

        _wire.Output.Write(reply);
        if (!reply.IsPositive || _observer.WantsEverything)
        {
            _observer.Answered(_dialogue.Identity, $"BDAT {command.ChunkSize}{(command.IsLastChunk ? " LAST" : string.Empty)}", reply);
        }
    }

    private void Tell(Transaction transaction, SmtpReply reply)
    {
        _observer.MessageAnswered(_dialogue.Identity, transaction.Envelope, _dialogue.Intake.Octets, reply);
        _wire.Output.Write(reply);
    }

    private async ValueTask<SessionEnd?> WaitAsync(long taken)
    {
        _rate.Count(taken);
        if (_rate.IsTooSlow())
        {
            return await _wire.CloseAsync(Replies.TooSlow, SessionEnd.TooSlow);
        }

        // The end of a minute wakes it up, too, which must not give a silent client another life.
        _arrived = taken > 0 ? _time.GetTimestamp() : _arrived;
        var idle = _options.IdleTimeout - _time.GetElapsedTime(_arrived);
        var patience = idle < _dialogue.Patience ? idle : _dialogue.Patience;

        // A little behind the end of the minute, so that rounding never wakes it up just before.
        var minute = _rate.Left;
        _wire.Deadline.Set(minute < patience ? minute + TimeSpan.FromMilliseconds(1) : patience);
        return await _wire.WaitAsync(_rate);
    }

    private ValueTask EnsureMemoryAsync(long octets) => _policy.ReservesMemory ? WaitForMemoryAsync(octets) : ValueTask.CompletedTask;

    private async ValueTask WaitForMemoryAsync(long octets)
    {
        // The time this takes is ours, not the client's.
        _wire.Deadline.Clear();
        var waiting = _dialogue.EnsureMemoryAsync(octets);
        if (!waiting.IsCompleted)
        {
            await waiting;
            _rate.Start();
            _arrived = _time.GetTimestamp();
            return;
        }

        await waiting;
    }

    private ValueTask<SessionEnd> CloseAsync(SmtpReply reply)
    {
        _observer.Answered(_dialogue.Identity, "BDAT", reply);
        return _wire.CloseAsync(reply, SessionEnd.OutOfStep);
    }
}
