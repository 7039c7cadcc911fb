using System.Diagnostics;
using System.Text;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Fuzz;

public sealed class SmtpReplyFuzz
{
    private const int Seed = 20260314;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    private static readonly byte[][] Replies =
    [
        .. new[]
        {
            "220 mx.example.net ESMTP\r\n",
            "250-mx.example.net\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 SMTPUTF8\r\n",
            "550 5.1.1 <bob@example.net>: Empf\u00e4nger unbekannt\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n",
            "250-mx.example.net\r\n250-STARTTLS\r\n250-AUTH=LOGIN PLAIN\r\n250-AUTH SCRAM-SHA-256 XOAUTH2\r\n250-CHUNKING\r\n250 DSN\r\n",
            "334 cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=\r\n235 2.7.0 In\r\n",
            "334 VXNlcm5hbWU6\r\n334 \r\n535 5.7.8 Wrong\r\n",
            "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go\r\n250 2.0.0 Ok: queued as 4F1C2\r\n421 4.3.2 Bye\r\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void No_octets_in_any_pieces_break_the_parser_or_bring_an_unprintable_or_endless_text_through()
    {
        var random = new Random(Seed);
        var began = Stopwatch.GetTimestamp();
        var rounds = 0;
        for (; rounds < 1_000_000 && Stopwatch.GetElapsedTime(began) < Budget; rounds++)
        {
            var octets = SmtpMutation.Apply(Replies[random.Next(Replies.Length)], random);

            var whole = Read(octets, () => octets.Length);
            var inPieces = Read(octets, () => random.Next(1, 8));

            inPieces.ShouldBe(whole, Convert.ToHexString(octets));
            foreach (var reply in whole)
            {
                reply.Code.ShouldBeInRange(200, 599);
                reply.Text.Length.ShouldBeInRange(3, ReplyParser.MaxTextChars);
                reply.Text.Any(char.IsControl).ShouldBeFalse(Convert.ToHexString(octets));
                (reply.Status is null || reply.Status.Value.Class == reply.Code / 100).ShouldBeTrue(Convert.ToHexString(octets));
            }
        }

        rounds.ShouldBeGreaterThan(1000);
    }

    /// <summary>All replies up to the end or the first fault, fed in pieces as a socket would bring them.</summary>
    private static List<ServerReply> Read(byte[] octets, Func<int> pieceLength)
    {
        var parser = new ReplyParser();
        List<ServerReply> replies = [];
        var start = 0;
        var end = 0;
        while (true)
        {
            var progress = parser.Parse(octets.AsSpan(start, end - start), out var consumed);
            start += consumed;
            switch (progress)
            {
                case ReplyProgress.Complete:
                    replies.Add(parser.Reply!);
                    parser.Challenge.Length.ShouldBeLessThanOrEqualTo(ReplyParser.MaxLineBytes);
                    parser.Challenge.Any(char.IsControl).ShouldBeFalse(Convert.ToHexString(octets));
                    ServerExtensions.Read(parser.Lines).MaxMessageBytes.GetValueOrDefault().ShouldBeGreaterThanOrEqualTo(0);
                    break;
                case ReplyProgress.NeedsMore when end < octets.Length:
                    end = Math.Min(octets.Length, end + pieceLength());
                    break;
                default:
                    return replies;
            }
        }
    }
}
