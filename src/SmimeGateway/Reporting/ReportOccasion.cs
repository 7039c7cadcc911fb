using SmimeGateway.Queueing;

namespace SmimeGateway.Reporting;

/// <summary>What one report is about.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Message">The message.</param>
/// <param name="Recipients">Those of its recipients that the report tells of.</param>
/// <param name="Now">When the attempt ended.</param>
/// <param name="RetryUntil">Until when delayed recipients are tried; null for the other kinds.</param>
internal sealed record ReportOccasion(
    ReportKind Kind, QueuedMessage Message, IReadOnlyList<RecipientProgress> Recipients, DateTimeOffset Now, DateTimeOffset? RetryUntil = null)
{
    /// <summary>True when recipients were given up.</summary>
    public bool IsFailure => Kind is ReportKind.Refused or ReportKind.Expired;

    /// <summary>
    /// True when the report may hold UTF-8 beyond its part for people: the message came with SMTPUTF8, so its sender's side knows the
    /// media types of RFC 6533.
    /// </summary>
    public bool IsUtf8 => Message.Envelope.SmtpUtf8;
}
