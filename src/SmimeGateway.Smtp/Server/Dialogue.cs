namespace SmimeGateway.Smtp.Server;

/// <summary>
/// The rules of the conversation without its wires: a command in, a reply out, and what it means for the session's state.
/// </summary>
internal sealed class Dialogue
{
    private readonly SmtpServerOptions _options;
    private readonly SmtpServerPolicy _policy;
    private readonly TimeProvider _time;
    private int _errors;

    public Dialogue(SmtpServerOptions options, SmtpServerPolicy policy, SmtpSessionIdentity identity, TimeProvider time)
    {
        _options = options;
        _policy = policy;
        _time = time;
        Identity = identity;
    }

    /// <summary>Who the client is, as far as it said.</summary>
    public SmtpSessionIdentity Identity { get; private set; }

    /// <summary>Where the session stands.</summary>
    public SessionState State { get; private set; }

    /// <summary>The open transaction, or null.</summary>
    public Transaction? Transaction { get; private set; }

    /// <summary>True when the client has made more errors than it may.</summary>
    public bool HasTooManyErrors => _errors > _options.MaxErrors;

    /// <summary>The first reply of a session.</summary>
    public SmtpReply Greeting() => SmtpReply.OneLine(220, null, $"{_options.HostName} ESMTP");

    /// <summary>Carries out a command. To DATA the answer is 354, and the message must follow with <see cref="FinishAsync"/>.</summary>
    public async ValueTask<SmtpReply> AnswerAsync(Command command)
    {
        var reply = CommandOrder.Refuse(State, command.Verb) ?? command.Fault ?? await CarryOutAsync(command);
        if (reply.IsPositive && command.Verb != SmtpVerb.Data)
        {
            State = CommandOrder.After(State, command.Verb);
        }
        else if (IsError(command.Verb, reply))
        {
            _errors++;
        }

        return reply;
    }

    /// <summary>Ends the transaction with the reply to its final dot.</summary>
    public async ValueTask<SmtpReply> FinishAsync(DataFault fault, ReadOnlyMemory<byte> content)
    {
        var transaction = Transaction!;
        var reply = fault switch
        {
            DataFault.TooBig => Replies.MessageTooBig,
            DataFault.BareLineEnd => Replies.BareLineEnd,
            DataFault.NulOctet => Replies.NulOctet,
            DataFault.LineTooLong => Replies.TextLineTooLong,
            _ => await HandAsync(new ReceivedMessage(Identity, transaction.Envelope, content)),
        };

        // A client that gets mail through is no attacker, however clumsy; one that sends broken data again and again may be.
        _errors = reply.IsPositive ? 0 : fault == DataFault.None ? _errors : _errors + 1;
        Transaction = null;
        State = CommandOrder.After(State, SmtpVerb.Data);
        return reply;
    }

    private async ValueTask<SmtpReply> CarryOutAsync(Command command)
    {
        switch (command.Verb)
        {
            case SmtpVerb.Ehlo or SmtpVerb.Helo:
                return Greet(command);
            case SmtpVerb.Mail:
                return await OpenAsync(command.Path!, command.Parameters);
            case SmtpVerb.Rcpt:
                return await AddAsync(command.Path!);
            case SmtpVerb.Data:
                return await StartAsync(Transaction!);
            case SmtpVerb.Rset:
                Transaction = null;
                return Replies.Ok;
            case SmtpVerb.Vrfy:
                return Replies.CannotVerify;
            case SmtpVerb.Help:
                return Replies.Help;
            case SmtpVerb.Quit:
                Transaction = null;
                return Replies.Goodbye;
            default:
                return Replies.Ok;
        }
    }

    private SmtpReply Greet(Command command)
    {
        // A new greeting clears everything, like RSET (RFC 5321 section 4.1.4).
        Transaction = null;
        Identity = Identity with { HeloName = command.HeloName, IsExtended = command.Verb == SmtpVerb.Ehlo };
        return Identity.IsExtended
            ? new SmtpReply(
                250,
                null,
                [_options.HostName, "PIPELINING", $"SIZE {_options.MaxMessageBytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"])
            : SmtpReply.OneLine(250, null, _options.HostName);
    }

    private async ValueTask<SmtpReply> OpenAsync(MailPath reversePath, CommandParameters parameters)
    {
        if (parameters.Size > _options.MaxMessageBytes)
        {
            return Replies.MessageTooBig;
        }

        var refusal = await GuardAsync(
            static (policy, ask) => policy.CheckSender(ask.Identity, ask.Path, ask.Size, CancellationToken.None),
            (Identity, Path: reversePath, parameters.Size));
        if (refusal is null)
        {
            Transaction = new Transaction(reversePath, parameters, _time.GetTimestamp());
        }

        return refusal ?? Replies.SenderOk;
    }

    private async ValueTask<SmtpReply> AddAsync(MailPath recipient)
    {
        var transaction = Transaction!;
        if (transaction.Recipients >= _options.MaxRecipients)
        {
            return Replies.TooManyRecipients;
        }

        if (recipient.RequiresSmtpUtf8 && !transaction.Parameters.SmtpUtf8)
        {
            return Replies.NeedsSmtpUtf8;
        }

        var refusal = await GuardAsync(
            static (policy, ask) => policy.CheckRecipient(ask.Identity, ask.Path, CancellationToken.None), (Identity, Path: recipient));
        if (refusal is null)
        {
            transaction.Add(recipient);
        }

        return refusal ?? Replies.RecipientOk;
    }

    private async ValueTask<SmtpReply> StartAsync(Transaction transaction)
    {
        var refusal = await GuardAsync(
            static (policy, ask) =>
            {
                ask.Transaction.Prefix = policy.PrefixContent(ask.Identity, ask.Transaction.Envelope);
                return ValueTask.FromResult<SmtpReply?>(null);
            },
            (Identity, Transaction: transaction));
        return refusal ?? Replies.StartInput;
    }

    private async ValueTask<SmtpReply> HandAsync(ReceivedMessage message) =>
        (await GuardAsync<ReceivedMessage>(
            static async (policy, received) => await policy.HandleMessage(received, CancellationToken.None), message))!;

    // What the owner's code throws is our trouble, not the client's: it keeps its message and tries again.
    private async ValueTask<SmtpReply?> GuardAsync<TAsk>(Func<SmtpServerPolicy, TAsk, ValueTask<SmtpReply?>> ask, TAsk about)
    {
        try
        {
            return await ask(_policy, about);
        }
#pragma warning disable CA1031 // The edge of the library: nothing is known about what may come from beyond it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _policy.Observer.Failed(Identity, exception);
            return Replies.InternalError;
        }
    }

    // Refused recipients and messages are no errors of the client: a list server has many dead addresses. Commands that are wrong
    // are, and so is a sender that is not allowed.
    private static bool IsError(SmtpVerb verb, SmtpReply reply) =>
        reply.Code is (>= 500 and <= 504) or 555 || (verb == SmtpVerb.Mail && reply.Code >= 500);
}
