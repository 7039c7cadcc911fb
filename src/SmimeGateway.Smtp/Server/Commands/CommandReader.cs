using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>Understands one command line, without its line end (RFC 5321 sections 4.1.1 and 4.1.2).</summary>
internal static class CommandReader
{
    private const int MaxHeloName = 255;

    /// <summary>Reads a line. Whatever is wrong with it becomes the command's fault.</summary>
    public static Command Read(ReadOnlySpan<byte> line)
    {
        // Controls have no place in any command, and UTF-8 only where RFC 6531 lets it: in paths.
        if (line.ContainsAnyInRange((byte)0, (byte)0x1F) || line.Contains((byte)0x7F) || !Utf8.IsValid(line))
        {
            return new Command(SmtpVerb.Unknown) { Fault = Replies.MalformedLine };
        }

        // RFC 5321 section 4.1.1 asks to tolerate blanks before the line end.
        line = line.TrimEnd((byte)' ');
        var space = line.IndexOf((byte)' ');
        var verb = CommandTable.Find(space < 0 ? line : line[..space]);
        var argument = space < 0 ? [] : line[(space + 1)..];
        return verb switch
        {
            SmtpVerb.Ehlo or SmtpVerb.Helo => ReadHello(verb, argument),
            SmtpVerb.Mail or SmtpVerb.Rcpt => ReadPath(verb, argument),
            SmtpVerb.Bdat => ChunkArgument.Read(argument),
            SmtpVerb.Auth => AuthArgument.Read(argument),
            SmtpVerb.Data or SmtpVerb.Rset or SmtpVerb.Quit or SmtpVerb.StartTls when !argument.IsEmpty => new Command(verb) { Fault = Replies.NoArgument },
            SmtpVerb.Vrfy when argument.IsEmpty => new Command(verb) { Fault = Replies.ArgumentMissing },
            SmtpVerb.NotOffered => new Command(verb) { Fault = Replies.NotOffered },
            SmtpVerb.Unknown => new Command(verb) { Fault = Replies.UnknownCommand },
            _ => new Command(verb),
        };
    }

    private static Command ReadHello(SmtpVerb verb, ReadOnlySpan<byte> argument)
    {
        // The name is not judged further: it proves nothing, and many devices send one that is no domain. What is written into
        // headers is made safe there.
        argument = argument.Trim((byte)' ');
        return argument.IsEmpty || argument.Length > MaxHeloName || !Ascii.IsValid(argument)
            ? new Command(verb) { Fault = Replies.NameMissing }
            : new Command(verb) { HeloName = Encoding.ASCII.GetString(argument) };
    }

    private static Command ReadPath(SmtpVerb verb, ReadOnlySpan<byte> argument)
    {
        var isMail = verb == SmtpVerb.Mail;
        var keyword = isMail ? "FROM:"u8 : "TO:"u8;
        argument = argument.TrimStart((byte)' ');
        if (argument.Length < keyword.Length || !Ascii.EqualsIgnoreCase(argument[..keyword.Length], keyword))
        {
            return new Command(verb) { Fault = isMail ? Replies.MailSyntax : Replies.RcptSyntax };
        }

        // A blank after the colon is not in the grammar, but common enough among old clients to be harmless.
        argument = argument[keyword.Length..].TrimStart((byte)' ');
        var isBracketed = argument is [(byte)'<', ..];
        argument = isBracketed ? argument[1..] : argument;
        var end = FindPathEnd(argument, isBracketed);
        if (end < 0 || (end == 0 && !isBracketed) || !TryReadPath(verb, argument[..end], out var path))
        {
            return new Command(verb) { Fault = isMail ? Replies.SenderSyntax : Replies.RecipientSyntax };
        }

        var fault = CommandParameters.Read(verb, argument[(isBracketed ? end + 1 : end)..], out var parameters);
        if (fault is null && isMail && path.RequiresSmtpUtf8 && !parameters.SmtpUtf8)
        {
            fault = Replies.NeedsSmtpUtf8;
        }

        return new Command(verb) { Path = path, Parameters = parameters, Fault = fault };
    }

    private static bool TryReadPath(SmtpVerb verb, ReadOnlySpan<byte> text, out MailPath path)
    {
        var isMail = verb == SmtpVerb.Mail;
        if (text.IsEmpty)
        {
            path = MailPath.Null;
            return isMail;
        }

        // Postmaster without a domain receives mail, but cannot be answered.
        var isRead = MailPath.TryParse(text, out var parsed) && (parsed.Domain.Length > 0 || !isMail);
        path = parsed ?? MailPath.Null;
        return isRead;
    }

    // The bracket that closes the path: a quoted local part may hold brackets of its own. Devices that leave the brackets out end the path
    // with a blank or the line, and everybody takes it.
    private static int FindPathEnd(ReadOnlySpan<byte> text, bool isBracketed)
    {
        var end = isBracketed ? (byte)'>' : (byte)' ';
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'\\' when isQuoted:
                    at++;
                    break;
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case var octet when octet == end && !isQuoted:
                    return at;
            }
        }

        return isBracketed || isQuoted ? -1 : text.Length;
    }
}
