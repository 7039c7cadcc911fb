using System.Text;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.Smtp.Server.Commands;
using SmimeGateway.Smtp.Server.Content;

namespace SmimeGateway.Smtp.Server;

/// <summary>
/// The rules of the conversation without its wires: a command in, a reply out, and what it means for the session's state.
/// </summary>
internal sealed class Dialogue : IDisposable
{
    // A size that was announced far too small is no estimate (RFC 1870 section 6.3).
    private const long MaxUnannounced = 1024 * 1024;

    private readonly SmtpServerOptions _options;
    private readonly GuardedPolicy _policy;
    private readonly TimeProvider _time;
    private int _errors;

    public Dialogue(SmtpServerOptions options, GuardedPolicy policy, SmtpSessionIdentity identity, TimeProvider time)
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

    /// <summary>The message of the open transaction, as far as it came.</summary>
    public MessageIntake Intake { get; } = new();

    /// <summary>True when the client has made more errors than it may.</summary>
    public bool HasTooManyErrors => _errors > _options.MaxErrors;

    /// <summary>How long the client may take to its next step.</summary>
    public TimeSpan Patience
    {
        get
        {
            var idle = _options.IdleTimeout;
            var left = Transaction is { } transaction ? _options.TransactionTimeout - _time.GetElapsedTime(transaction.Started) : idle;
            return left < idle ? left : idle;
        }
    }

    /// <summary>The first reply of a session.</summary>
    public SmtpReply Greeting() => SmtpReply.OneLine(220, null, $"{_options.HostName} ESMTP");

    /// <summary>
    /// Carries out any command but BDAT. To DATA the answer is 354, and the message must follow with <see cref="FinishAsync"/>; after
    /// <see cref="Replies.ReadyForTls"/> the handshake, and in the place of <see cref="Replies.LoginBegins"/> the exchange.
    /// </summary>
    public async ValueTask<SmtpReply> AnswerAsync(Command command)
    {
        var reply = Refuse(command) ?? await CarryOutAsync(command);
        if (reply.IsPositive && command.Verb != SmtpVerb.Data)
        {
            State = CommandOrder.After(State, command.Verb);
        }

        return Judge(command.Verb, reply);
    }

    /// <summary>
    /// Decides on the chunk that follows BDAT: null when it belongs to the message, else the reply to give once it was thrown away.
    /// </summary>
    public async ValueTask<SmtpReply?> BeginChunkAsync(Command command)
    {
        if (Transaction is not { } transaction)
        {
            return Refuse(command) ?? Replies.NeedsMail;
        }

        if (transaction.Refusal is null)
        {
            transaction.Refusal = Refuse(command) ?? (State == SessionState.Chunking ? null : await OpenMessageAsync(transaction, command));
            if (transaction.Refusal is { } refusal)
            {
                Count(SmtpVerb.Bdat, refusal);
            }

            State = SessionState.Chunking;
        }

        Intake.Expect(command.ChunkSize ?? 0);
        return transaction.Refusal;
    }

    /// <summary>Ends a chunk whose octets are all here. The last one ends the transaction.</summary>
    public async ValueTask<SmtpReply> EndChunkAsync(Command command, SmtpReply? refusal)
    {
        if (Transaction is not { } transaction)
        {
            return Judge(SmtpVerb.Bdat, refusal!);
        }

        if (refusal is null && FaultReply() is { } fault)
        {
            refusal = transaction.Refusal = fault;
            transaction.Dispose();
            _errors += Intake.Fault == DataFault.NoMemory ? 0 : 1;
        }

        var reply = refusal ?? (command.IsLastChunk ? await HandAsync(transaction) : Replies.ChunkTaken);
        if (command.IsLastChunk)
        {
            EndTransaction();
            State = SessionState.Greeted;
        }

        return Soften(reply);
    }

    /// <summary>Ends the transaction with the reply to its final dot.</summary>
    public async ValueTask<SmtpReply> FinishAsync()
    {
        // A client that sends broken data again and again may be an attacker.
        var fault = FaultReply();
        _errors += fault is null || Intake.Fault == DataFault.NoMemory ? 0 : 1;
        var reply = fault ?? await HandAsync(Transaction!);
        EndTransaction();
        State = SessionState.Greeted;
        return Soften(reply);
    }

    /// <summary>Begins the session anew under TLS: nothing that was said before counts (RFC 3207 section 4.2).</summary>
    public void Secure(TlsFacts facts)
    {
        Identity = Identity with { HeloName = null, IsExtended = false, User = null, Tls = facts };
        State = SessionState.Connected;
    }

    /// <summary>The client has proved who it is.</summary>
    public void LogIn(string user) => Identity = Identity with { User = user };

    /// <summary>Judges the reply that ended a login.</summary>
    public SmtpReply EndLogin(SmtpReply reply) => Judge(SmtpVerb.Auth, reply);

    /// <summary>Sees that the message of the open transaction may grow to so many octets; else it is at fault from now on.</summary>
    public async ValueTask EnsureMemoryAsync(long octets)
    {
        if (Intake.Fault != DataFault.None)
        {
            Transaction!.Dispose();
        }
        else if (!await HasMemoryAsync(Transaction!, octets))
        {
            Intake.Refuse(DataFault.NoMemory);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => EndTransaction();

    private SmtpReply? Refuse(Command command) =>
        CommandAccess.Refuse(_options, Identity, command.Verb)
        ?? CommandOrder.Refuse(State, command.Verb)
        ?? (command.Verb == SmtpVerb.StartTls && Identity.Tls is not null ? Replies.AlreadySecure : null)
        ?? (command.Verb == SmtpVerb.Auth && Identity.User is not null ? Replies.AlreadyLoggedIn : null)
        ?? command.Fault;

    private async ValueTask<SmtpReply> CarryOutAsync(Command command)
    {
        switch (command.Verb)
        {
            case SmtpVerb.Ehlo or SmtpVerb.Helo:
                return Greet(command);
            case SmtpVerb.Mail:
                return await OpenAsync(command.Path!, command.Parameters);
            case SmtpVerb.Rcpt:
                return await AddAsync(command.Path!, command.Parameters);
            case SmtpVerb.Data:
                return await OpenMessageAsync(Transaction!, command) ?? Replies.StartInput;
            case SmtpVerb.Rset:
                EndTransaction();
                return Replies.Ok;
            case SmtpVerb.StartTls:
                return _policy.CanSecure ? Replies.ReadyForTls : Replies.TlsUnavailable;
            case SmtpVerb.Auth:
                return BeginLogin(command);
            case SmtpVerb.Vrfy:
                return Replies.CannotVerify;
            case SmtpVerb.Help:
                return Announcement.Help(_options);
            case SmtpVerb.Quit:
                EndTransaction();
                return Replies.Goodbye;
            default:
                return Replies.Ok;
        }
    }

    private SmtpReply Greet(Command command)
    {
        // A new greeting clears everything, like RSET (RFC 5321 section 4.1.4).
        EndTransaction();
        Identity = Identity with { HeloName = command.HeloName, IsExtended = command.Verb == SmtpVerb.Ehlo };
        return Identity.IsExtended ? Announcement.Ehlo(_options, Identity) : SmtpReply.OneLine(250, null, _options.HostName);
    }

    private async ValueTask<SmtpReply> OpenAsync(MailPath reversePath, CommandParameters parameters)
    {
        if (parameters.Size > _options.MaxMessageBytes)
        {
            return Replies.MessageTooBig;
        }

        // An extension that is not announced has no parameters.
        if (parameters.HasAuthor && _options.Authentication == SessionOffer.None)
        {
            return Replies.UnknownParameter;
        }

        var refusal = await _policy.CheckSenderAsync(Identity, reversePath, parameters.Size);
        if (refusal is null)
        {
            Transaction = new Transaction(reversePath, parameters, _time.GetTimestamp());
        }

        return refusal ?? Replies.SenderOk;
    }

    private SmtpReply BeginLogin(Command command) =>
        !ServerMechanisms.Offered(Identity).Contains(command.Mechanism) ? Replies.MechanismUnknown
        : !_policy.CanAuthenticate ? Replies.LoginUnavailable
        : Replies.LoginBegins;

    private async ValueTask<SmtpReply> AddAsync(MailPath recipient, CommandParameters parameters)
    {
        var transaction = Transaction!;
        if (transaction.Recipients >= _options.MaxRecipients)
        {
            return Replies.TooManyRecipients;
        }

        if (!transaction.Parameters.SmtpUtf8)
        {
            if (recipient.RequiresSmtpUtf8)
            {
                return Replies.NeedsSmtpUtf8;
            }

            // It could travel on no more than the address could, and a report does without it.
            parameters = parameters.OriginalRecipient is { } original && !Ascii.IsValid(original) ? parameters with { OriginalRecipient = null } : parameters;
        }

        var refusal = await _policy.CheckRecipientAsync(Identity, recipient);
        if (refusal is null)
        {
            transaction.Add(recipient, parameters);
        }

        return refusal ?? Replies.RecipientOk;
    }

    // From here on the message costs memory. Returns the reply that says why it cannot, or null.
    private async ValueTask<SmtpReply?> OpenMessageAsync(Transaction transaction, Command command)
    {
        Intake.Clear();

        // Where MAIL announced nothing, a chunk that is first and last does.
        var announced = transaction.Parameters.Size ?? (command.IsLastChunk ? command.ChunkSize : null);
        if (!await HasMemoryAsync(transaction, announced ?? 0))
        {
            return Replies.NoRoom;
        }

        if (await _policy.PrefixAsync(Identity, transaction) is { } refusal)
        {
            return refusal;
        }

        var limit = announced < _options.MaxMessageBytes / 2 ? Math.Min(_options.MaxMessageBytes, (2 * announced.Value) + MaxUnannounced) : _options.MaxMessageBytes;
        Intake.Start(transaction.Prefix.Span, announced, limit);
        return null;
    }

    private ValueTask<bool> HasMemoryAsync(Transaction transaction, long octets)
    {
        if (!_policy.ReservesMemory)
        {
            return ValueTask.FromResult(true);
        }

        transaction.Memory ??= new MemoryReservation(_policy);
        return transaction.Memory.EnsureAsync(Identity, Math.Clamp(octets, 1, _options.MaxMessageBytes));
    }

    private async ValueTask<SmtpReply> HandAsync(Transaction transaction)
    {
        var reply = await _policy.HandleAsync(new ReceivedMessage(Identity, transaction.Envelope, Intake.Take()) { PrefixLength = transaction.Prefix.Length });

        // A client that gets mail through is no attacker, however clumsy.
        _errors = reply.IsPositive ? 0 : _errors;
        return reply;
    }

    private SmtpReply? FaultReply() => Intake.Fault switch
    {
        DataFault.None => null,
        DataFault.TooBig => Replies.MessageTooBig,
        DataFault.BareLineEnd => Replies.BareLineEnd,
        DataFault.NulOctet => Replies.NulOctet,
        DataFault.LineTooLong => Replies.TextLineTooLong(_options),
        DataFault.NoMemory => Replies.NoRoom,
    };

    private void EndTransaction()
    {
        Transaction?.Dispose();
        Transaction = null;
        Intake.Release();
    }

    private SmtpReply Judge(SmtpVerb verb, SmtpReply reply)
    {
        Count(verb, reply);
        return Soften(reply);
    }

    private SmtpReply Soften(SmtpReply reply) => _options.IsSoft ? SoftMode.Soften(reply) : reply;

    // Refused recipients and messages are no errors of the client: a list server has many dead addresses. Commands that are wrong
    // are, and so is a sender that is not allowed, and a login that fails.
    private void Count(SmtpVerb verb, SmtpReply reply) =>
        _errors += reply.Code is (>= 500 and <= 504) or 530 or 535 or 555 || (verb == SmtpVerb.Mail && reply.Code >= 500) ? 1 : 0;
}
