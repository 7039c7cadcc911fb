using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>
/// Writes MAIL and RCPT (RFC 5321 sections 4.1.1.2 and 4.1.1.3) with the parameters the server offered: a report is asked for (RFC 3461)
/// only of a server that offers DSN.
/// </summary>
internal static class EnvelopeCommands
{
    /// <summary>Longer than any command: a path has at most 1,000 characters, of four octets each.</summary>
    public const int LongestBytes = 8 * 1024;

    // RFC 3461 section 4: the longest values of ENVID and ORCPT.
    private const int MaxEnvelopeIdChars = 100;
    private const int MaxOriginalRecipientChars = 500;

    /// <summary>Adds MAIL. BODY is declared by what the content is, not by what its sender declared.</summary>
    public static void AppendMail(
        ClientTransport transport, Envelope envelope, ServerExtensions extensions, TransactionScreen screen, long contentBytes)
    {
        transport.Append("MAIL FROM:<"u8);
        transport.Append(envelope.ReversePath.Address);
        transport.Append(">"u8);
        if (extensions.Size)
        {
            transport.Append(" SIZE="u8);
            contentBytes.TryFormat(transport.OutputRoom, out var written, default, CultureInfo.InvariantCulture);
            transport.Advance(written);
        }

        if (screen.IsEightBit)
        {
            transport.Append(" BODY=8BITMIME"u8);
        }

        if (screen.NeedsSmtpUtf8 && extensions.SmtpUtf8)
        {
            transport.Append(" SMTPUTF8"u8);
        }

        if (extensions.Dsn)
        {
            AppendReturn(transport, envelope);
        }

        transport.Append("\r\n"u8);
    }

    /// <summary>Adds RCPT.</summary>
    public static void AppendRecipient(ClientTransport transport, EnvelopeRecipient recipient, ServerExtensions extensions)
    {
        transport.Append("RCPT TO:<"u8);
        transport.Append(recipient.Path.Address);
        transport.Append(">"u8);
        if (extensions.Dsn)
        {
            AppendNotify(transport, recipient);
        }

        transport.Append("\r\n"u8);
    }

    // RFC 3461 section 5.2.1: what came is passed on as it came, and what did not come is not made up.
    private static void AppendReturn(ClientTransport transport, Envelope envelope)
    {
        transport.Append(envelope.Return switch
        {
            ReturnedContent.Full => " RET=FULL"u8,
            ReturnedContent.Headers => " RET=HDRS"u8,
            ReturnedContent.Unspecified => default,
        });
        if (IsValue(envelope.EnvelopeId, MaxEnvelopeIdChars))
        {
            transport.Append(" ENVID="u8);
            transport.Append(envelope.EnvelopeId);
        }
    }

    private static void AppendNotify(ClientTransport transport, EnvelopeRecipient recipient)
    {
        if (recipient.Notify != Notify.None)
        {
            transport.Append(" NOTIFY="u8);
            transport.Append(NotifyKeywords(recipient.Notify));
        }

        if (IsValue(recipient.OriginalRecipient, MaxOriginalRecipientChars))
        {
            transport.Append(" ORCPT="u8);
            transport.Append(recipient.OriginalRecipient);
        }
    }

    private static string NotifyKeywords(Notify notify) => notify.HasFlag(Notify.Never) ? "NEVER" : string.Join(
        ',',
        new[] { (Notify.Success, "SUCCESS"), (Notify.Failure, "FAILURE"), (Notify.Delay, "DELAY") }
            .Where(keyword => notify.HasFlag(keyword.Item1)).Select(keyword => keyword.Item2));

    // The server session checked the whole grammar. Here it matters that nothing can end the command or begin another parameter.
    private static bool IsValue([NotNullWhen(true)] string? value, int maxChars) =>
        value is { Length: > 0 } && value.Length <= maxChars && !value.AsSpan().ContainsAnyExceptInRange('!', '~');
}
