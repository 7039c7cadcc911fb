using System.Text;

namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>The commands this server knows by name. An extension starts with a row here.</summary>
internal static class CommandTable
{
    // Most frequent first: the table is searched from the top.
    private static readonly (byte[] Name, SmtpVerb Verb)[] Rows =
    [
        ("RCPT"u8.ToArray(), SmtpVerb.Rcpt),
        ("MAIL"u8.ToArray(), SmtpVerb.Mail),
        ("DATA"u8.ToArray(), SmtpVerb.Data),
        ("BDAT"u8.ToArray(), SmtpVerb.Bdat),
        ("RSET"u8.ToArray(), SmtpVerb.Rset),
        ("QUIT"u8.ToArray(), SmtpVerb.Quit),
        ("EHLO"u8.ToArray(), SmtpVerb.Ehlo),
        ("HELO"u8.ToArray(), SmtpVerb.Helo),
        ("NOOP"u8.ToArray(), SmtpVerb.Noop),
        ("VRFY"u8.ToArray(), SmtpVerb.Vrfy),
        ("HELP"u8.ToArray(), SmtpVerb.Help),
        ("STARTTLS"u8.ToArray(), SmtpVerb.StartTls),
        ("AUTH"u8.ToArray(), SmtpVerb.Auth),
        ("EXPN"u8.ToArray(), SmtpVerb.NotOffered),
        ("ETRN"u8.ToArray(), SmtpVerb.NotOffered),
    ];

    /// <summary>Finds a verb, in any mixture of cases.</summary>
    public static SmtpVerb Find(ReadOnlySpan<byte> name)
    {
        foreach (var row in Rows)
        {
            if (Ascii.EqualsIgnoreCase(name, row.Name))
            {
                return row.Verb;
            }
        }

        return SmtpVerb.Unknown;
    }
}
