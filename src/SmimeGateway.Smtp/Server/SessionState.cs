namespace SmimeGateway.Smtp.Server;

/// <summary>Where a session stands between two commands.</summary>
internal enum SessionState
{
    /// <summary>The client has not said EHLO or HELO.</summary>
    Connected,

    /// <summary>No transaction is open.</summary>
    Greeted,

    /// <summary>MAIL was accepted.</summary>
    SenderGiven,

    /// <summary>At least one RCPT was accepted too.</summary>
    RecipientGiven,

    /// <summary>BDAT has begun; nothing but the rest of the message, or giving it up, may follow.</summary>
    Chunking,

    /// <summary>Nothing more is read.</summary>
    Closed,
}
