using System.Text;

namespace SmimeGateway.Smtp.Tests;

public sealed class SessionStateTests
{
    private static readonly string[] Commands =
    [
        "EHLO a", "helo b", "EHLO", "MAIL FROM:<alice@example.com>", "mail from:<> body=8bitmime", "MAIL FROM:<refused@example.com>",
        "MAIL FROM:<alice@example.com> SIZE=100001", "MAIL FROM:<alice@example.com> RET=FULL", "MAIL FROM:alice", "RCPT TO:<bob@example.net>",
        "rcpt to:<postmaster>", "RCPT TO:<bob@example.net>", "RCPT TO:<refused@example.com>", "RCPT TO:<bob", "RCPT TO:<bob@example.net> NOTIFY=NEVER",
        "DATA", "DATA", "data", "DATA now", "RSET", "RSET now", "NOOP", "VRFY bob", "VRFY", "HELP", "STARTTLS", "AUTH PLAIN", "BDAT 5", "XYZZY", "", "QUIT",
    ];

    private static readonly (string Octets, string Reply)[] Data =
    [
        ("a\r\n.\r\n", "250"), (".\r\n", "250"), ("..\r\n.\r\n", "250"), ("a\nb\r\n.\r\n", "554"), ("\0\r\n.\r\n", "554"), ("refuse me\r\n.\r\n", "451"),
        ("throw\r\n.\r\n", "451"),
    ];

    [Fact]
    public async Task Random_commands_are_answered_as_a_reference_model_answers_them()
    {
        var random = new Random(5321);
        var options = SomeServer.Options with { MaxErrors = int.MaxValue };
        for (var round = 0; round < 100_000; round++)
        {
            var model = new Model();
            var octets = new StringBuilder();
            for (var left = random.Next(1, 25); left > 0 && !model.HasQuit; left--)
            {
                var command = Commands[random.Next(Commands.Length)];
                octets.Append(command).Append("\r\n");
                if (model.Expect(command))
                {
                    var (data, reply) = Data[random.Next(Data.Length)];
                    octets.Append(data);
                    model.ExpectEnd(reply);
                }
            }

            var handled = 0;
            await using var dialog = new InMemoryDialog(options, Policy(() => handled++));
            await dialog.SendAsync(octets.ToString());
            await dialog.HangUpAsync();
            var replies = (await dialog.RestAsync()).Split("\r\n")[1..^1].Where(line => line[3] == ' ').Select(line => line[..3]);

            string.Join(' ', replies).ShouldBe(string.Join(' ', model.Replies), octets.ToString());
            handled.ShouldBe(model.Handled, octets.ToString());
        }
    }

    private static SmtpServerPolicy Policy(Action handled) => SomeServer.Collect([]) with
    {
        HandleMessage = (message, _) =>
        {
            if (message.Content.Span.StartsWith("throw"u8))
            {
                throw new InvalidOperationException();
            }

            if (message.Content.Span.StartsWith("refuse"u8))
            {
                return ValueTask.FromResult(Replies.InternalError);
            }

            handled();
            return ValueTask.FromResult(SomeServer.Queued);
        },
    };

    /// <summary>RFC 5321 section 4.1.4 in the plainest terms, independent of the server's own table.</summary>
    private sealed class Model
    {
        private bool _hasGreeted;
        private bool _hasSender;
        private int _recipients;

        public List<string> Replies { get; } = [];

        public int Handled { get; private set; }

        public bool HasQuit { get; private set; }

        public void ExpectEnd(string reply)
        {
            Replies.Add(reply);
            Handled += reply == "250" ? 1 : 0;
            Clear();
        }

        /// <summary>True when data follows.</summary>
        public bool Expect(string command)
        {
            var reply = Judge(command.ToUpperInvariant());
            Replies.Add(reply);
            return reply == "354";
        }

        private string Judge(string command)
        {
            switch (command.Split(' ')[0])
            {
                case "EHLO" or "HELO":
                    if (command == "EHLO")
                    {
                        return "501";
                    }

                    _hasGreeted = true;
                    return Clear();
                case "MAIL":
                    var verdict = !_hasGreeted || _hasSender ? "503"
                        : command.Contains("REFUSED", StringComparison.Ordinal) ? "550"
                        : command.Contains("SIZE", StringComparison.Ordinal) ? "552"
                        : command.Contains("RET", StringComparison.Ordinal) ? "555"
                        : command.Contains('<', StringComparison.Ordinal) ? "250" : "501";
                    _hasSender |= verdict == "250";
                    return verdict;
                case "RCPT":
                    var ruling = !_hasSender ? "503"
                        : !command.Contains('>', StringComparison.Ordinal) ? "501"
                        : command.Contains("NOTIFY", StringComparison.Ordinal) ? "555"
                        : _recipients == SomeServer.Options.MaxRecipients ? "452"
                        : command.Contains("REFUSED", StringComparison.Ordinal) ? "550" : "250";
                    _recipients += ruling == "250" ? 1 : 0;
                    return ruling;
                case "DATA":
                    return !_hasSender ? "503" : _recipients == 0 ? "554" : command == "DATA" ? "354" : "501";
                case "RSET":
                    return command == "RSET" ? Clear() : "501";
                case "VRFY":
                    return command == "VRFY" ? "501" : "252";
                case "NOOP":
                    return "250";
                case "HELP":
                    return "214";
                case "STARTTLS" or "AUTH" or "BDAT":
                    return "502";
                case "QUIT":
                    HasQuit = true;
                    return "221";
                default:
                    return "500";
            }
        }

        private string Clear()
        {
            _hasSender = false;
            _recipients = 0;
            return "250";
        }
    }
}
