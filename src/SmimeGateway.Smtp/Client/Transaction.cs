namespace SmimeGateway.Smtp.Client;

/// <summary>One mail transaction over an open session (RFC 5321 section 3.3), in the fewest writes the server allows.</summary>
internal sealed class Transaction
{
    private readonly ClientTransport _transport;
    private readonly ServerExtensions _extensions;
    private readonly SmtpClientTimeouts _timeouts;
    private readonly string _remoteMta;
    private readonly Envelope _envelope;
    private readonly ReadOnlyMemory<byte> _content;
    private readonly TransactionScreen _screen;

    // Null: not settled yet. After the replies to RCPT, that means accepted.
    private readonly DeliveryStatus?[] _statuses;
    private bool _wasHeard;
    private bool _isMailAccepted;
    private bool _isContentSent;

    public Transaction(SmtpClientSession session, ClientTransport transport, Envelope envelope, ReadOnlyMemory<byte> content)
    {
        _transport = transport;
        _extensions = session.Extensions;
        _timeouts = session.Options.Timeouts;
        _remoteMta = session.RemoteMta;
        _envelope = envelope;
        _content = content;
        _screen = new TransactionScreen(envelope, content.Span, _extensions, _remoteMta);
        _statuses = new DeliveryStatus?[envelope.Recipients.Count];
    }

    /// <summary>True when the session can carry another transaction.</summary>
    public bool LeavesSessionUsable { get; private set; } = true;

    /// <summary>True when the server still holds a begun transaction, so that the next one begins with RSET.</summary>
    public bool LeavesTransactionOpen { get; private set; }

    public async ValueTask<TransactionOutcome> RunAsync(bool resetFirst)
    {
        LeavesTransactionOpen = resetFirst;
        Screen();
        if (!HasPending())
        {
            return Outcome(isUntouched: false);
        }

        try
        {
            if (_transport.HasUnreadInput)
            {
                throw SessionLostException.Violation("a reply came that no command asked for");
            }

            var data = _extensions.Pipelining ? await AskInOneWriteAsync(resetFirst) : await AskStepByStepAsync(resetFirst);
            if (data is not null)
            {
                await AnswerDataAsync(data);
            }
        }
        catch (SessionLostException lost)
        {
            LeavesSessionUsable = false;
            var text = _isContentSent ? $"{lost.Message} The content was sent completely, so it may have arrived." : lost.Message;
            SettlePending(new DeliveryStatus(DeliveryAction.Delayed, lost.Status, text, _remoteMta));
            return Outcome(isUntouched: !_wasHeard);
        }

        return Outcome(isUntouched: false);
    }

    private void Screen()
    {
        for (var i = 0; i < _statuses.Length; i++)
        {
            _statuses[i] = _screen.Refusal ?? _screen.RefusalOf(_envelope.Recipients[i]);
        }
    }

    private async ValueTask<ServerReply?> AskInOneWriteAsync(bool resetFirst)
    {
        if (resetFirst)
        {
            _transport.Append("RSET\r\n"u8);
        }

        EnvelopeCommands.AppendMail(_transport, _envelope.ReversePath, _extensions, _screen, _content.Length);
        for (var i = 0; i < _statuses.Length; i++)
        {
            if (_statuses[i] is null)
            {
                if (_transport.OutputRoom.Length < EnvelopeCommands.LongestBytes)
                {
                    await _transport.FlushAsync(_timeouts.Command);
                }

                EnvelopeCommands.AppendRecipient(_transport, _envelope.Recipients[i].Path);
            }
        }

        _transport.Append("DATA\r\n"u8);
        await _transport.FlushAsync(_timeouts.Command);

        if (resetFirst)
        {
            await ReadAsync(_timeouts.Command);
        }

        var mail = await HearMailAsync();
        var wasInconsistent = false;
        for (var i = 0; i < _statuses.Length; i++)
        {
            if (_statuses[i] is null)
            {
                var reply = await ReadAsync(_timeouts.Command);
                HearRecipient(i, reply);
                wasInconsistent |= !_isMailAccepted && reply.IsPositive;
            }
        }

        var data = await ReadAsync(_timeouts.DataStart);
        if (!_isMailAccepted)
        {
            SettlePending(ReplyStatus.Of(mail, TransactionPhase.Mail, _remoteMta));
            if (wasInconsistent && data.Code == 354)
            {
                // Even a lone dot would now be delivered to somebody.
                throw SessionLostException.Violation("recipients and content were accepted after MAIL was refused");
            }
        }

        return data;
    }

    private async ValueTask<ServerReply?> AskStepByStepAsync(bool resetFirst)
    {
        if (resetFirst)
        {
            _transport.Append("RSET\r\n"u8);
            await AskAsync(_timeouts.Command);
        }

        EnvelopeCommands.AppendMail(_transport, _envelope.ReversePath, _extensions, _screen, _content.Length);
        await _transport.FlushAsync(_timeouts.Command);
        var mail = await HearMailAsync();
        if (!_isMailAccepted)
        {
            SettlePending(ReplyStatus.Of(mail, TransactionPhase.Mail, _remoteMta));
            return null;
        }

        for (var i = 0; i < _statuses.Length; i++)
        {
            if (_statuses[i] is null)
            {
                EnvelopeCommands.AppendRecipient(_transport, _envelope.Recipients[i].Path);
                HearRecipient(i, await AskAsync(_timeouts.Command));
            }
        }

        if (!HasPending())
        {
            return null;
        }

        _transport.Append("DATA\r\n"u8);
        return await AskAsync(_timeouts.DataStart);
    }

    private async ValueTask AnswerDataAsync(ServerReply data)
    {
        if (data.Code != 354)
        {
            if (data.IsPositive || data.Code < 400)
            {
                throw SessionLostException.Violation("DATA was answered with neither 354 nor a refusal");
            }

            SettlePending(ReplyStatus.Of(data, TransactionPhase.Data, _remoteMta));
            return;
        }

        // A reply that is there before the content was sent would be taken for the reply to the dot.
        if (_transport.HasUnreadInput)
        {
            throw SessionLostException.Violation("a reply came before the content was sent");
        }

        if (!HasPending())
        {
            // RFC 2920 section 3.1: the server waits for content though it refused everybody, so it gets the empty one.
            _transport.Append(".\r\n"u8);
            await AskAsync(_timeouts.DataEnd);
            return;
        }

        var end = await SendContentAsync();
        if (end.Code < 400 && !end.IsPositive)
        {
            throw SessionLostException.Violation("the content was answered with neither 250 nor a refusal");
        }

        LeavesTransactionOpen = false;
        SettlePending(ReplyStatus.Of(end, TransactionPhase.DataEnd, _remoteMta));
    }

    private async ValueTask<ServerReply> SendContentAsync()
    {
        try
        {
            await ContentWriter.WriteAsync(_transport, _content, _timeouts);
        }
        catch (SessionLostException)
        {
            // A server that hangs up in the middle of the content often said why. No reason is good enough to be believed that it took
            // content it never got.
            LeavesSessionUsable = false;
            var parting = await _transport.ReadReplyAsync(_timeouts.Quit);
            return parting.Code >= 400 ? parting : throw SessionLostException.Violation("the content was accepted before it was sent");
        }

        _isContentSent = true;
        var end = await _transport.ReadReplyAsync(_timeouts.DataEnd);
        LeavesSessionUsable = end.Code != 421;
        return end;
    }

    private async ValueTask<ServerReply> HearMailAsync()
    {
        var reply = await ReadAsync(_timeouts.Command);
        if (reply.Code is >= 300 and <= 399)
        {
            throw SessionLostException.Violation("MAIL was answered with 3xx");
        }

        _wasHeard = true;
        _isMailAccepted = reply.IsPositive;
        LeavesTransactionOpen = _isMailAccepted;
        return reply;
    }

    private void HearRecipient(int index, ServerReply reply)
    {
        if (!_isMailAccepted || reply.IsPositive)
        {
            return;
        }

        if (reply.Code < 400)
        {
            throw SessionLostException.Violation("RCPT was answered with 3xx");
        }

        // RFC 5321 section 4.5.3.1.10: where recipients were accepted before, a bare 552 means "too many", and these come next time.
        var isTooMany = reply is { Code: 552, Status: null } && index > 0 && Array.IndexOf(_statuses, null, 0, index) >= 0;
        _statuses[index] = isTooMany
            ? new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 5, 3), reply.Text, _remoteMta)
            : ReplyStatus.Of(reply, TransactionPhase.Recipient, _remoteMta);
    }

    private async ValueTask<ServerReply> AskAsync(TimeSpan timeout)
    {
        if (_transport.HasUnreadInput)
        {
            throw SessionLostException.Violation("a reply came that no command asked for");
        }

        await _transport.FlushAsync(timeout);
        return await ReadAsync(timeout);
    }

    private async ValueTask<ServerReply> ReadAsync(TimeSpan timeout)
    {
        var reply = await _transport.ReadReplyAsync(timeout);
        return reply.Code == 421 ? throw new SessionLostException(reply.Text, reply.Status is { Class: 4 } status ? status : new EnhancedStatus(4, 3, 2)) : reply;
    }

    private bool HasPending() => Array.IndexOf(_statuses, null) >= 0;

    private void SettlePending(DeliveryStatus status)
    {
        for (var i = 0; i < _statuses.Length; i++)
        {
            _statuses[i] ??= status;
        }
    }

    private TransactionOutcome Outcome(bool isUntouched) => new(_statuses!, isUntouched);
}
