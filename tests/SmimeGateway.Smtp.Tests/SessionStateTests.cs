using System.Globalization;
using System.Text;

namespace SmimeGateway.Smtp.Tests;

/// <summary>SEQUENCES=1000000 makes it the long run.</summary>
public sealed class SessionStateTests
{
    private static readonly int Sequences =
        int.Parse(Environment.GetEnvironmentVariable("SEQUENCES") ?? "20000", CultureInfo.InvariantCulture);

    private static readonly string[] Commands =
    [
        "EHLO a", "helo b", "EHLO", "MAIL FROM:<alice@example.com>", "mail from:<> body=8bitmime", "MAIL FROM:<refused@example.com>", "MAIL FROM:<alice@example.com> SIZE=100001", "MAIL FROM:<alice@example.com> RET=FULL",
        "MAIL FROM:<alice@example.com> RET=ALL", "MAIL FROM:<alice@example.com> AUTH=<>", "MAIL FROM:alice", "RCPT TO:<bob@example.net>",
        "RCPT TO:<bob@example.net>", "RCPT TO:<bob@example.net>", "rcpt to:<postmaster>", "RCPT TO:<refused@example.com>", "RCPT TO:<bob",
        "RCPT TO:<bob@example.net> NOTIFY=NEVER", "RCPT TO:<bob@example.net> NOTIFY=NOW", "DATA", "DATA", "data", "DATA now", "BDAT", "BDAT", "RSET", "RSET now", "NOOP", "VRFY bob", "VRFY", "HELP", "STARTTLS", "STARTTLS now", "AUTH PLAIN", "auth login",
        "AUTH SCRAM-SHA-256", "AUTH CRAM-MD5", "AUTH", "ETRN x", "XYZZY", "", "QUIT",
    ];

    private static readonly (string Octets, string Content, string Reply)[] Data =
    [
        ("a\r\n.\r\n", "a\r\n", "250"), (".\r\n", "", "250"), ("..\r\n.\r\n", ".\r\n", "250"), ("a\nb\r\n.\r\n", "", "554"), ("\0\r\n.\r\n", "", "554"),
        ("refuse me\r\n.\r\n", "", "451"), ("throw\r\n.\r\n", "", "451"),
    ];

    private static readonly string[] Chunks =
    [
        "", "a", "a\r\n", "a\r\n.\r\n", "a\r", "\n", "\r\n", "\r", "NOOP\r\n", "MAIL FROM:<eve@example.com>\r\n", "\0", ".", "throw\r\n", "\r\n.\r\nQUIT\r\n",
    ];

    private static readonly string[] Sizes = ["{0}", "{0}", "{0}", "{0} LAST", "{0} last", "00{0} LAST", "{0} FIRST", "x", "-{0}"];

    [Fact]
    public async Task Random_commands_are_answered_as_the_reference_answers_them()
    {
        var random = new Random(5321);
        var taken = 0;
        for (var round = 0; round < Sequences; round++)
        {
            var reference = new ReferenceServer(SessionOffer.None, SessionOffer.None);
            var handled = new List<string>();
            var options = SomeServer.Options with { MaxErrors = int.MaxValue };
            await using var dialog = new InMemoryDialog(options, Policy(handled));
            var said = new StringBuilder();

            for (var left = random.Next(1, 25); left > 0 && !reference.HasEnded; left--)
            {
                Speak(random, reference, said);
            }

            await SendInPiecesAsync(dialog, Encoding.Latin1.GetBytes(said.ToString()), random);
            await dialog.HangUpAsync();
            var replies = (await dialog.RestAsync()).Split("\r\n")[..^1].Where(line => line[3] == ' ').Select(line => line[..3]);
            string.Join(' ', replies).ShouldBe(string.Join(' ', reference.Replies), said.ToString());
            handled.ShouldBe(reference.Handled, said.ToString());
            taken += handled.Count;
        }

        // A generator that gets nothing through would prove little.
        taken.ShouldBeGreaterThan(Sequences / 10);
    }

    private static void Speak(Random random, ReferenceServer reference, StringBuilder said)
    {
        var command = random.Next(2) == 0 ? reference.Next : Commands[random.Next(Commands.Length)];
        if (command == "BDAT")
        {
            var chunk = Chunks[random.Next(Chunks.Length)];
            command = "BDAT " + string.Format(CultureInfo.InvariantCulture, Sizes[random.Next(Sizes.Length)], chunk.Length);
            said.Append(command).Append("\r\n").Append(chunk);
            reference.Hear(command, chunk);
            return;
        }

        said.Append(command).Append("\r\n");
        if (reference.Hear(command) == "354")
        {
            var (octets, content, reply) = Data[random.Next(Data.Length)];
            said.Append(octets);
            reference.HearMessage(content, reply);
        }
    }

    private static async Task SendInPiecesAsync(InMemoryDialog dialog, byte[] octets, Random random)
    {
        for (var at = 0; at < octets.Length;)
        {
            var length = Math.Min(octets.Length - at, random.Next(1, random.Next(2, 200)));
            await dialog.SendAsync(octets.AsMemory(at, length));
            at += length;
        }
    }

    private static SmtpServerPolicy Policy(List<string> handled) => SomeServer.Collect([]) with
    {
        HandleMessage = (message, _) =>
        {
            var content = Encoding.Latin1.GetString(message.Content.Span);
            if (content.StartsWith("throw", StringComparison.Ordinal))
            {
                throw new InvalidOperationException();
            }

            if (content.StartsWith("refuse", StringComparison.Ordinal))
            {
                return ValueTask.FromResult(Replies.InternalError);
            }

            handled.Add(content);
            return ValueTask.FromResult(SomeServer.Queued);
        },
    };
}
