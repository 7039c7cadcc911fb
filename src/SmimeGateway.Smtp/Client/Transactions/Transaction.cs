namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>One mail transaction over an open session (RFC 5321 section 3.3), in the fewest writes the server allows.</summary>
internal sealed class Transaction
{
    private readonly ClientTransport _transport;
    private readonly ServerExtensions _extensions;
    private readonly SmtpClientTimeouts _timeouts;
    private readonly string _remoteMta;
    private readonly Envelope _envelope;
    private readonly MessageContent _content;
    private readonly TransactionScreen _screen;
    private readonly RecipientStatuses _recipients;
    private bool _wasHeard;
    private bool _isMailAccepted;
    private bool _isContentSent;

    public Transaction(SmtpClientSession session, ClientTransport transport, Envelope envelope, MessageContent content)
    {
        _transport = transport;
        _extensions = session.Extensions;
        _timeouts = session.Options.Timeouts;
        _remoteMta = session.RemoteMta;
        _envelope = envelope;
        _content = content;
        _screen = new TransactionScreen(envelope, content, _extensions, _remoteMta);
        _recipients = new RecipientStatuses(envelope, _screen, _remoteMta);
    }

    /// <summary>True when the session can carry another transaction.</summary>
    public bool LeavesSessionUsable { get; private set; } = true;

    /// <summary>True when the server still holds a begun transaction, so that the next one begins with RSET.</summary>
    public bool LeavesTransactionOpen { get; private set; }

    public async ValueTask<TransactionOutcome> RunAsync(bool resetFirst)
    {
        LeavesTransactionOpen = resetFirst;
        if (!_recipients.HasPending)
        {
            return _recipients.ToOutcome(isUntouched: false);
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
            else if (_recipients.HasPending)
            {
                ExpectNoReply();
                await SendAsync(new ChunkWriter(_transport, _content, _extensions.Pipelining, _timeouts));
            }
        }
        catch (SessionLostException lost)
        {
            LeavesSessionUsable = false;
            var text = _isContentSent ? $"{lost.Message} The content was sent completely, so it may have arrived." : lost.Message;
            _recipients.Settle(new DeliveryStatus(DeliveryAction.Delayed, lost.Status, text, _remoteMta));
            return _recipients.ToOutcome(isUntouched: !_wasHeard);
        }

        return _recipients.ToOutcome(isUntouched: false);
    }

    // Returns the reply to DATA. Null: there is none, as everything is settled, or the content will be sent in chunks.
    private async ValueTask<ServerReply?> AskInOneWriteAsync(bool resetFirst)
    {
        if (resetFirst)
        {
            _transport.Append("RSET\r\n"u8);
        }

        EnvelopeCommands.AppendMail(_transport, _envelope, _extensions, _screen, _content.Length);
        for (var i = 0; i < _recipients.Count; i++)
        {
            if (_recipients.IsPending(i))
            {
                if (_transport.OutputRoom.Length < EnvelopeCommands.LongestBytes)
                {
                    await _transport.FlushAsync(_timeouts.Command);
                }

                EnvelopeCommands.AppendRecipient(_transport, _envelope.Recipients[i], _extensions);
            }
        }

        if (!_extensions.Chunking)
        {
            _transport.Append("DATA\r\n"u8);
        }

        await _transport.FlushAsync(_timeouts.Command);

        if (resetFirst)
        {
            await ReadAsync(_timeouts.Command);
        }

        var mail = await HearMailAsync();
        var wasInconsistent = false;
        for (var i = 0; i < _recipients.Count; i++)
        {
            if (_recipients.IsPending(i))
            {
                var reply = await ReadAsync(_timeouts.Command);
                wasInconsistent |= !_isMailAccepted && reply.IsPositive;
                if (_isMailAccepted)
                {
                    _recipients.Hear(i, reply);
                }
            }
        }

        var data = _extensions.Chunking ? null : await ReadAsync(_timeouts.DataStart);
        if (!_isMailAccepted)
        {
            _recipients.Settle(ReplyStatus.Of(mail, TransactionPhase.Mail, _remoteMta));
            LeavesTransactionOpen = wasInconsistent;
            if (wasInconsistent && data is { Code: 354 })
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

        EnvelopeCommands.AppendMail(_transport, _envelope, _extensions, _screen, _content.Length);
        await _transport.FlushAsync(_timeouts.Command);
        var mail = await HearMailAsync();
        if (!_isMailAccepted)
        {
            _recipients.Settle(ReplyStatus.Of(mail, TransactionPhase.Mail, _remoteMta));
            return null;
        }

        for (var i = 0; i < _recipients.Count; i++)
        {
            if (_recipients.IsPending(i))
            {
                EnvelopeCommands.AppendRecipient(_transport, _envelope.Recipients[i], _extensions);
                _recipients.Hear(i, await AskAsync(_timeouts.Command));
            }
        }

        if (_extensions.Chunking || !_recipients.HasPending)
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

            _recipients.Settle(ReplyStatus.Of(data, TransactionPhase.Data, _remoteMta));
            return;
        }

        ExpectNoReply();
        if (!_recipients.HasPending)
        {
            // RFC 2920 section 3.1: the server waits for content though it refused everybody, so it gets the empty one.
            _transport.Append(".\r\n"u8);
            await AskAsync(_timeouts.DataEnd);
            return;
        }

        await SendAsync(null);
    }

    // A reply that is there before the content was sent would be taken for the reply to it.
    private void ExpectNoReply()
    {
        if (_transport.HasUnreadInput)
        {
            throw SessionLostException.Violation("a reply came before the content was sent");
        }
    }

    private async ValueTask SendAsync(ChunkWriter? chunks)
    {
        var end = await SendContentAsync(chunks);
        if (end.Code < 400 && !end.IsPositive)
        {
            throw SessionLostException.Violation("the content was answered with neither 250 nor a refusal");
        }

        if (chunks is not null && end.Code is (500 or 502))
        {
            // That judges the command and not the message, and the content may have been read as commands.
            _isContentSent = false;
            throw SessionLostException.Violation($"it offers CHUNKING and does not know BDAT ({end.Text})");
        }

        // RFC 3030 section 2: after a refused chunk only RSET makes the state of the server known.
        LeavesTransactionOpen = chunks is not null && !end.IsPositive;
        var status = ReplyStatus.Of(end, TransactionPhase.DataEnd, _remoteMta);
        _recipients.Settle(_extensions.Dsn && end.IsPositive ? status with { IsReportedByNextHop = true } : status);
    }

    private async ValueTask<ServerReply> SendContentAsync(ChunkWriter? chunks)
    {
        ServerReply? end = null;
        try
        {
            if (chunks is null)
            {
                await ContentWriter.WriteAsync(_transport, _content, _timeouts);
            }
            else
            {
                end = await chunks.WriteAsync();
            }
        }
        catch (SessionLostException)
        {
            // A server that hangs up in the middle of the content often said why. No reason is good enough to be believed that it took
            // content it never got.
            LeavesSessionUsable = false;
            var parting = await _transport.ReadReplyAsync(_timeouts.Quit);
            while (parting.IsPositive && chunks is not null && chunks.TakeUnanswered())
            {
                parting = await _transport.ReadReplyAsync(_timeouts.Quit);
            }

            return parting.Code >= 400 ? parting : throw SessionLostException.Violation("the content was accepted before it was sent");
        }

        if (end is null)
        {
            _isContentSent = true;
            end = await _transport.ReadReplyAsync(_timeouts.DataEnd);
        }

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
}
