using System.Text;

namespace SmimeGateway.Fuzz;

/// <summary>Changes SMTP sessions and paths where it hurts: line ends, dots, quotes, brackets, controls.</summary>
internal static class SmtpMutation
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\r", "\n", "\0", ".", "..", "\r\n.\r\n", "\n.\r\n", "\r\n.\r", "<", ">", "\"", "\\", "@", "[", "]", ":", ",", "IPv6:", " ", "\t", "=", "SIZE=",
            "SMTPUTF8", "EHLO a\r\n", "MAIL FROM:", "RCPT TO:", "DATA\r\n", "RSET\r\n", "BDAT ", "BDAT 9 LAST\r\n", "99999999999999999999", "STARTTLS\r\n",
            "AUTH ", "PLAIN ", "*\r\n", "=\r\n", "NOTIFY=", "ORCPT=utf-8;", "+0A", "\\x{", "}", "\u00e9", "\u0085", "\u2028", "\u3000", "\u007f",
        }.Select(Encoding.UTF8.GetBytes),
        [0x80], [0xC3], [0xFF], [.. Enumerable.Repeat((byte)'x', 1100)], [.. Enumerable.Repeat((byte)' ', 2100)],
    ];

    /// <summary>A copy with one to six changes.</summary>
    public static byte[] Apply(byte[] original, Random random)
    {
        var octets = new List<byte>(original);
        for (var changes = random.Next(1, 7); changes > 0; changes--)
        {
            var at = random.Next(octets.Count + 1);
            var length = random.Next(Math.Min(12, octets.Count - at) + 1);
            switch (random.Next(4))
            {
                case 0:
                    octets.RemoveRange(at, length);
                    break;
                case 1:
                    octets.InsertRange(at, octets.GetRange(at, length));
                    break;
                case 2 when at < octets.Count:
                    octets[at] = (byte)random.Next(256);
                    break;
                default:
                    octets.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return [.. octets];
    }
}
