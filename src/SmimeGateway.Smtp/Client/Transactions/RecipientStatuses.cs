namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>What is known of each recipient of a transaction: nothing yet, which after the replies to RCPT means accepted, or its status.</summary>
internal sealed class RecipientStatuses
{
    private readonly string _remoteMta;
    private readonly DeliveryStatus?[] _statuses;

    /// <summary>Begins with what the screen refuses.</summary>
    public RecipientStatuses(Envelope envelope, TransactionScreen screen, string remoteMta)
    {
        _remoteMta = remoteMta;
        _statuses = new DeliveryStatus?[envelope.Recipients.Count];
        for (var i = 0; i < _statuses.Length; i++)
        {
            _statuses[i] = screen.Refusal ?? screen.RefusalOf(envelope.Recipients[i]);
        }
    }

    /// <summary>How many recipients there are.</summary>
    public int Count => _statuses.Length;

    /// <summary>True while there is a recipient without a status.</summary>
    public bool HasPending => Array.IndexOf(_statuses, null) >= 0;

    /// <summary>True when the recipient has no status yet.</summary>
    public bool IsPending(int index) => _statuses[index] is null;

    /// <summary>Takes the reply to one RCPT.</summary>
    /// <exception cref="SessionLostException">It is none.</exception>
    public void Hear(int index, ServerReply reply)
    {
        if (reply.IsPositive)
        {
            return;
        }

        if (reply.Code < 400)
        {
            throw SessionLostException.Violation("RCPT was answered with 3xx");
        }

        // RFC 5321 section 4.5.3.1.10: servers say 552 for 452. Where recipients were accepted before, a bare one means "too many", and
        // else a mailbox that is full now.
        var isTooMany = index > 0 && Array.IndexOf(_statuses, null, 0, index) >= 0;
        var status = ReplyStatus.Of(reply, TransactionPhase.Recipient, _remoteMta);
        _statuses[index] = reply.Code != 552 ? status : status with
        {
            Action = DeliveryAction.Delayed,
            Status = reply.Status is null && isTooMany ? new EnhancedStatus(4, 5, 3) : status.Status with { Class = 4 },
        };
    }

    /// <summary>Gives the status to every recipient without one.</summary>
    public void Settle(DeliveryStatus status)
    {
        for (var i = 0; i < _statuses.Length; i++)
        {
            _statuses[i] ??= status;
        }
    }

    /// <summary>The statuses, all of them settled.</summary>
    public TransactionOutcome ToOutcome(bool isUntouched) => new(_statuses!, isUntouched);
}
