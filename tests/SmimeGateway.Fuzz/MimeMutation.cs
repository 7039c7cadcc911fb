using System.Text;

namespace SmimeGateway.Fuzz;

/// <summary>Changes messages where it hurts: line ends, delimiters, field syntax, octets that need encoding.</summary>
internal static class MimeMutation
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\n", "\r", "\r\n\r\n", " \r\n", "\r\n ", "\t", "--", "--b", "--b--", "\r\n--b\r\n", "\r\nFrom ", ":", ";", "\"", "\\", "(", ")", "<", ">",
            "@", ",", "=", "=?", "?=", "=?utf-8?Q?", "*0*=", "%", "\0", "\u00FF", "\u00C3\u00A4", "\u0080", "Content-Type: ", "multipart/mixed; boundary=b",
            "message/rfc822", "Content-Transfer-Encoding: ", "base64", "quoted-printable", "8bit", "x-uuencode", "begin 644 a\r\n", "boundary=",
        }.Select(Encoding.Latin1.GetBytes),
        [.. Enumerable.Repeat((byte)'x', 1200)],
        [.. Enumerable.Repeat((byte)' ', 1200)],
    ];

    /// <summary>The message with one to eight changes.</summary>
    public static byte[] Apply(byte[] message, Random random)
    {
        var mutated = new List<byte>(message);
        for (var changes = random.Next(1, 9); changes > 0; changes--)
        {
            var at = random.Next(mutated.Count + 1);
            switch (random.Next(5))
            {
                case 0:
                    mutated.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1:
                    mutated.RemoveRange(at, Math.Min(random.Next(40), mutated.Count - at));
                    break;
                case 2 when at < mutated.Count:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 3:
                    var from = random.Next(mutated.Count + 1);
                    mutated.InsertRange(at, mutated.GetRange(from, Math.Min(random.Next(200), mutated.Count - from)));
                    break;
                default:
                    var piece = Pieces[random.Next(Pieces.Length)];
                    for (var i = 0; i < piece.Length && at + i < mutated.Count; i++)
                    {
                        mutated[at + i] = piece[i];
                    }

                    break;
            }
        }

        return [.. mutated];
    }
}
