namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>Where in a transaction a reply came.</summary>
internal enum TransactionPhase
{
    Mail,
    Recipient,
    Data,
    DataEnd,
}

/// <summary>Turns replies into statuses, and fills in an enhanced code where the server sent none.</summary>
internal static class ReplyStatus
{
    public static DeliveryStatus Of(ServerReply reply, TransactionPhase phase, string remoteMta)
    {
        var action = reply.Code switch
        {
            >= 200 and <= 299 => DeliveryAction.Delivered,
            >= 500 => DeliveryAction.Failed,
            _ => DeliveryAction.Delayed,
        };
        return new DeliveryStatus(action, reply.Status ?? Guess(reply.Code, phase), reply.Text, remoteMta);
    }

    /// <summary>The status of a host that would not begin a session. It judges the host, not the message, so it is never permanent.</summary>
    public static DeliveryStatus OfRefusedSession(ServerReply reply, string remoteMta)
    {
        var status = reply.Status ?? new EnhancedStatus(4, 3, 2);
        return new DeliveryStatus(DeliveryAction.Delayed, status with { Class = 4 }, reply.Text, remoteMta);
    }

    // The codes of RFC 5321 section 4.2.3 whose meaning is narrower than their class.
    private static EnhancedStatus Guess(int code, TransactionPhase phase) => (code, phase) switch
    {
        (421, _) => new EnhancedStatus(4, 3, 2),
        (452, TransactionPhase.Recipient) => new EnhancedStatus(4, 5, 3),
        (452, _) => new EnhancedStatus(4, 3, 1),
        (552, TransactionPhase.Recipient) => new EnhancedStatus(5, 2, 2),
        (552, _) => new EnhancedStatus(5, 3, 4),
        (555, _) => new EnhancedStatus(5, 5, 4),
        (530, _) => new EnhancedStatus(5, 7, 0),
        _ => new EnhancedStatus(code / 100, 0, 0),
    };
}
