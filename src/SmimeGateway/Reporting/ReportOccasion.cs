using SmimeGateway.Queueing;
using SmimeGateway.Reporting.Composing;

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
    /// <summary>The most recipients of one report: with more it would be larger than some servers take.</summary>
    public const int MaxRecipients = 1000;

    // All reports of an attempt stand in one frame of the queue, and have to fit there whatever strangers wrote.
    private const int MaxForeignChars = 24 * 1024 * 1024;
    private const int TextsOfRecipient = 3;

    /// <summary>Where several reports are due, which of them this is, from 0 on.</summary>
    public int Number { get; init; }

    /// <summary>The most characters of an address or a reply: enough for every one that works, unless an immense number shares the space.</summary>
    public int MaxTextLength => Math.Clamp(MaxForeignChars / TextsOfRecipient / Message.Envelope.Recipients.Count, 64, ReportText.MaxLength);

    /// <summary>True when recipients were given up.</summary>
    public bool IsFailure => Kind is ReportKind.Refused or ReportKind.Expired or ReportKind.NotEncrypted;

    /// <summary>
    /// True when the report may hold UTF-8 beyond its part for people: the message came with SMTPUTF8, so its sender's side knows the
    /// media types of RFC 6533. Not for an immense number of recipients, since UTF-8 takes up to nine octets for a character here.
    /// </summary>
    public bool IsUtf8 => Message.Envelope.SmtpUtf8 && Message.Envelope.Recipients.Count <= MaxRecipients;
}
