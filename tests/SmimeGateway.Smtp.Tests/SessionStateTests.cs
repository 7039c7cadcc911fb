using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Smtp.Sasl;

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

    // What arrives with STARTTLS was said by nobody (RFC 3207 section 6).
    private static readonly string[] Injections = ["", "", "NOOP\r\n", "MAIL FROM:<eve@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n", "QU", "BDAT 100\r\n"];

    private static readonly (SessionOffer Tls, SessionOffer Authentication)[] Offers =
    [
        (SessionOffer.None, SessionOffer.None), (SessionOffer.None, SessionOffer.None), (SessionOffer.Offered, SessionOffer.None),
        (SessionOffer.None, SessionOffer.Offered), (SessionOffer.Offered, SessionOffer.Required), (SessionOffer.Required, SessionOffer.Offered),
        (SessionOffer.Required, SessionOffer.Required),
    ];

    private static readonly (string Response, string Reply)[] PlainResponses =
    [
        (ScramClient.Encode("\0user\0pencil"), "235"), (ScramClient.Encode("\0user\0pencil"), "235"), (ScramClient.Encode("\0user\0crayon"), "535"),
        (ScramClient.Encode("root\0user\0pencil"), "535"), ("*", "501"), ("", "501"), ("!", "501"), ("MAIL FROM:<eve@example.com>", "501"),
    ];

    private static readonly (string Response, string Reply)[] NameResponses = [(ScramClient.Encode("user"), "334"), ("*", "501"), ("", "501"), ("=", "501")];

    private static readonly (string Response, string Reply)[] WordResponses = [(ScramClient.Encode("pencil"), "235"), (ScramClient.Encode("crayon"), "535"), ("*", "501")];

    private static readonly (string Response, string Reply)[] ScramResponses = [(ScramClient.Encode("n,,n=user,r=abc"), "334"), ("*", "501"), (ScramClient.Encode("n,,"), "501")];

    private static readonly ScramCredentials Pencil = Derive("pencil");

    [Fact]
    public async Task Random_commands_are_answered_as_the_reference_answers_them()
    {
        var random = new Random(5321);
        var taken = 0;
        for (var round = 0; round < Sequences; round++)
        {
            taken += await ConverseAsync(random);
        }

        // A generator that gets nothing through would prove little.
        taken.ShouldBeGreaterThan(Sequences / 10);
    }

    private static async Task<int> ConverseAsync(Random random)
    {
        var (tls, authentication) = Offers[random.Next(Offers.Length)];
        var reference = new ReferenceServer(tls, authentication);
        var handled = new List<string>();
        var options = SomeServer.Options with { MaxErrors = int.MaxValue, Tls = tls, Authentication = authentication };
        await using var dialog = new InMemoryDialog(options, Policy(handled));
        var said = new StringBuilder();
        var flight = new StringBuilder();
        var replies = new List<string>();

        for (var left = random.Next(1, 30); left > 0 && !reference.HasEnded; left--)
        {
            // Only where the client must wait does it; everything else is pipelined.
            if (Speak(random, reference, flight) is { } injected)
            {
                await FlyAsync(injected);
            }
        }

        await FlyAsync(string.Empty);
        await dialog.HangUpAsync();
        (await dialog.RestAsync()).ShouldBe(string.Empty, said.ToString());
        handled.ShouldBe(reference.Handled, said.ToString());
        return handled.Count;

        async Task FlyAsync(string injected)
        {
            await SendInPiecesAsync(dialog, flight.ToString(), injected, random);
            said.Append(flight).Append(injected);
            flight.Clear();
            while (replies.Count < reference.Replies.Count)
            {
                replies.Add((await dialog.ReplyAsync())[..3]);
            }

            string.Join(' ', replies).ShouldBe(string.Join(' ', reference.Replies), said.ToString());
        }
    }

    // Where the client must wait for the answer, what comes along with the last line, be it nothing; null elsewhere.
    private static string? Speak(Random random, ReferenceServer reference, StringBuilder flight)
    {
        var command = random.Next(2) == 0 ? reference.Next : Commands[random.Next(Commands.Length)];
        if (command == "BDAT")
        {
            var chunk = Chunks[random.Next(Chunks.Length)];
            command = "BDAT " + string.Format(CultureInfo.InvariantCulture, Sizes[random.Next(Sizes.Length)], chunk.Length);
            flight.Append(command).Append("\r\n").Append(chunk);
            reference.Hear(command, chunk);
            return null;
        }

        flight.Append(command).Append("\r\n");
        switch (reference.Hear(command))
        {
            case "354":
                var (octets, content, reply) = Data[random.Next(Data.Length)];
                flight.Append(octets);
                reference.HearMessage(content, reply);
                return null;
            case "220":
                return Injections[random.Next(Injections.Length)];
            case "334":
                LogIn(command.ToUpperInvariant(), random, reference, flight);
                return string.Empty;
            default:
                return null;
        }
    }

    private static void LogIn(string command, Random random, ReferenceServer reference, StringBuilder flight)
    {
        var first = command == "AUTH PLAIN" ? PlainResponses : command == "AUTH LOGIN" ? NameResponses : ScramResponses;
        var (response, reply) = first[random.Next(first.Length)];
        flight.Append(response).Append("\r\n");
        reference.HearLogin(reply);
        if (reply == "334")
        {
            (response, reply) = command == "AUTH LOGIN" ? WordResponses[random.Next(WordResponses.Length)] : ("*", "501");
            flight.Append(response).Append("\r\n");
            reference.HearLogin(reply);
        }
    }

    private static async Task SendInPiecesAsync(InMemoryDialog dialog, string flight, string injected, Random random)
    {
        var octets = Encoding.Latin1.GetBytes(flight + injected);
        var last = injected.Length == 0 ? octets.Length : octets.Length - injected.Length - 1;
        for (var at = 0; at < octets.Length;)
        {
            var length = at >= last ? octets.Length - at : Math.Min(last - at, random.Next(1, random.Next(2, 200)));
            await dialog.SendAsync(octets.AsMemory(at, length));
            at += length;
        }
    }

    // A single round, so that a million logins are quick.
    private static ScramCredentials Derive(string password)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, "salt"u8, 1, HashAlgorithmName.SHA256, 32);
        return new ScramCredentials(
            1, "salt"u8.ToArray(), SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    private static SmtpServerPolicy Policy(List<string> handled) => SomeServer.Collect([]) with
    {
        StartTls = SomeTls.PretendAsync,
        Authentication = new SmtpAuthentication { FindUser = _ => new FoundUser(Pencil) },
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
