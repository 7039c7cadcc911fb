namespace SmimeGateway.Smtp;

/// <summary>What became of one recipient, in the words of RFC 3464 section 2.3.3.</summary>
public enum DeliveryAction
{
    /// <summary>Tried and to be tried again.</summary>
    Delayed,

    /// <summary>The next hop took responsibility, or the message reached its folder.</summary>
    Delivered,

    /// <summary>Given up: a permanent refusal, or the retry time ran out.</summary>
    Failed,
}

/// <summary>The outcome of one attempt for one recipient. Neither the code nor the text is ever empty.</summary>
/// <param name="Action">What became of the recipient.</param>
/// <param name="Status">The enhanced status code, taken from the next hop's reply where it sent one.</param>
/// <param name="Diagnostic">The reply as received, or a sentence of our own, printable and on one line.</param>
/// <param name="RemoteMta">The host that answered, or null when the trouble arose before any answer.</param>
public sealed record DeliveryStatus(DeliveryAction Action, EnhancedStatus Status, string Diagnostic, string? RemoteMta)
{
    /// <summary>
    /// True when the next hop took the duty to report with the message: it offers DSN, so a success report is its own. False for a
    /// folder, for a next hop without DSN, and for everything that was not delivered.
    /// </summary>
    public bool IsReportedByNextHop { get; init; }
}
