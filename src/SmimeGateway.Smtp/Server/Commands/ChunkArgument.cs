using System.Buffers.Text;
using System.Text;

namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>Reads the argument of BDAT (RFC 3030 section 2): a number of octets, and LAST with the last of them.</summary>
internal static class ChunkArgument
{
    /// <summary>
    /// Reads it. Where it is faulty behind the number, the number still tells which octets are no commands; without a number nothing
    /// does, and the command has no chunk size.
    /// </summary>
    public static Command Read(ReadOnlySpan<byte> argument)
    {
        var space = argument.IndexOf((byte)' ');
        var number = space < 0 ? argument : argument[..space];
        var marker = space < 0 ? [] : argument[space..].Trim((byte)' ');
        if (number.IsEmpty || number.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return new Command(SmtpVerb.Bdat) { Fault = Replies.ChunkSyntax };
        }

        var isLast = Ascii.EqualsIgnoreCase(marker, "LAST"u8);
        return new Command(SmtpVerb.Bdat)
        {
            // What does not fit a long exceeds every limit anyway.
            ChunkSize = Utf8Parser.TryParse(number, out long size, out var digits) && digits == number.Length ? size : long.MaxValue,
            IsLastChunk = isLast,
            Fault = marker.IsEmpty || isLast ? null : Replies.ChunkSyntax,
        };
    }
}
