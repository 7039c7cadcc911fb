using System.Globalization;

namespace SmimeGateway.Smtp.Client;

/// <summary>Writes MAIL and RCPT (RFC 5321 sections 4.1.1.2 and 4.1.1.3) with the parameters the server offered.</summary>
internal static class EnvelopeCommands
{
    /// <summary>Longer than any command: a path has at most 1,000 characters, of four octets each.</summary>
    public const int LongestBytes = 8 * 1024;

    /// <summary>Adds MAIL. BODY is declared by what the content is, not by what its sender declared.</summary>
    public static void AppendMail(
        ClientTransport transport, MailPath reversePath, ServerExtensions extensions, TransactionScreen screen, int contentBytes)
    {
        transport.Append("MAIL FROM:<"u8);
        transport.Append(reversePath.Address);
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

        transport.Append("\r\n"u8);
    }

    /// <summary>Adds RCPT.</summary>
    public static void AppendRecipient(ClientTransport transport, MailPath path)
    {
        transport.Append("RCPT TO:<"u8);
        transport.Append(path.Address);
        transport.Append(">\r\n"u8);
    }
}
