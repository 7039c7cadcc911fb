using System.Diagnostics;
using System.Text;

namespace SmimeGateway.Fuzz;

/// <summary>Mutates messages; whatever comes is read, hardened and signed, or refused with a reason.</summary>
public sealed class MimeFuzz
{
    private const int Seed = 2045;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    [Fact]
    public void A_mutated_message_is_read_and_hardened_or_refused()
    {
        var random = new Random(Seed);
        var running = Stopwatch.StartNew();
        var runs = 0;
        // On a busy machine it takes longer, and proves as much.
        while (running.Elapsed < Budget || runs < 1_000)
        {
            var mutated = MimeMutation.Apply(MimeSeeds.All[runs++ % MimeSeeds.All.Count], random);
            try
            {
                MimeInvariants.Check(mutated);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"run {runs}: {exception.Message}\n{Convert.ToBase64String(mutated)}", exception);
            }
        }
    }

    // Anything quadratic over two million octets takes minutes, which the limit on the whole run notices; anything linear a fraction of
    // a second.
    [Theory]
    [MemberData(nameof(BombNames))]
    public void A_bomb_is_survived_in_time_that_grows_with_its_size(string name) => MimeInvariants.Check(Bombs()[name]);

    // Names only: the test framework would write megabytes of arguments into every report.
    public static TheoryData<string> BombNames() => new(Bombs().Keys);

    private static Dictionary<string, byte[]> Bombs()
    {
        const int Size = 2_000_000;
        const string Multipart = "Content-Type: multipart/mixed; boundary=";
        var boundary = new string('a', 900);
        return new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            { "near delimiters", Bytes($"{Multipart}{boundary}\r\n\r\n" + Repeat("\r\n--" + boundary[1..] + "b", Size)) },
            { "dashes", Bytes($"{Multipart}{new string('-', 900)}\r\n\r\n" + new string('-', Size)) },
            { "delimiters", Bytes($"{Multipart}b\r\n\r\n" + Repeat("--b\r\n", Size)) },
            { "nesting", Bytes(string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{Multipart}b{i}\r\n\r\n--b{i}\r\n"))) },
            { "messages", Bytes(Repeat("Content-Type: message/rfc822\r\n\r\n", Size)) },
            { "fields", Bytes(Repeat("a:\r\n", Size)) },
            { "stray lines", Bytes(Repeat("x\r\n", 1_000_000)) },
            { "one long field", Bytes("Content-Type: text/plain; " + Repeat("a*1=b;", 900_000) + "\r\n\r\n\u00E4") },
            { "comments", Bytes("From: " + Repeat("(", 900_000) + "\r\n\r\n\u00E4") },
            { "encoded words", Bytes("Subject: " + Repeat("=?a?q?", 900_000) + "\r\n\r\n\u00E4") },
            { "escapes", Bytes("Content-Transfer-Encoding: quoted-printable\r\n\r\n" + Repeat("=\r\n=A", Size) + " ") },
            { "blanks", Bytes("Content-Type: text/plain\r\n\r\n" + new string(' ', Size)) },
            { "armour", Bytes("Content-Type: text/plain\r\n\r\n" + Repeat("-----BEGIN PGP MESSAGE-----x", Size)) },
            { "scattered base64", Bytes("Content-Transfer-Encoding: base64\r\n\r\n" + Repeat("A\u00FF", Size)) },
        };
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Repeat(string piece, int size) => string.Concat(Enumerable.Repeat(piece, size / piece.Length));
}
