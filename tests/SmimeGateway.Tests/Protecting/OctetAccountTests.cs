using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Tests.Authors;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Protecting;

public sealed class OctetAccountTests
{
    private static readonly string[] Kept = ["From", "Subject", "X-Unheard-Of", "Content-Type", "content-disposition", "Received", "Bccc", "Content"];
    private static readonly string[] LeftOut = ["Bcc", "RESENT-BCC", "Content-Length", "MIME-Version", "bcc "];
    private static readonly string[] Folds = ["", "", "\t\r\n", "\tmore\r\n", "\t\r\n  more\r\n"];
    private static readonly string[] Ends = ["\r\n", "\n", ""];

    [Fact]
    public void A_split_is_good_if_every_octet_is_somewhere_or_has_a_reason_to_be_nowhere()
    {
        var random = new Random(9);
        var (good, bad) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var trial = Trial.Make(random);

            var loss = OctetAccount.FindLoss(trial.Message, trial.Split);

            (loss is null).ShouldBe(trial.IsWhole, $"{loss}\n{Encoding.Latin1.GetString(trial.Message.Span)}\n{string.Join(' ', trial.Lost)}");
            _ = loss is null ? good++ : bad++;
        }

        good.ShouldBeGreaterThan(2000);
        bad.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void What_the_split_of_any_message_leaves_out_has_a_reason()
    {
        var random = new Random(10);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(200)];
            random.GetItems("ab: \t\r\n\r\nF>\0\u00E4"u8, octets);
            var message = random.Next(2) == 0 ? octets : [.. "Bcc: x@y,\r\n y@x\r\nMIME-Version: 1.0\r\n (a b)\r\nSubject: x\r\n"u8, .. octets];
            Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();

            var split = ContentSplit.Split(entity);
            var isDoubted = split.OuterFields.Any(field => Regex.IsMatch(Encoding.Latin1.GetString(field.Raw.Span), "\n[ \t\r]*\n[ \t].*[^ \t\r\n]", RegexOptions.Singleline));
            var loss = OctetAccount.FindLoss(message, split);
            (loss is null || isDoubted).ShouldBeTrue($"{loss}: {Encoding.Latin1.GetString(message)}");
        }
    }

    [Theory]
    [InlineData("MIME-Version: 1.0\r\n   Dear Bob, text\r\n")]
    [InlineData("MIME-Version: 1.0\r\n \r\n   Dear Bob\r\n")]
    [InlineData("MIME-Version: 1.0 (\r\n   Dear Bob\r\n")]
    [InlineData("Content-Length: 5\r\n text\r\n")]
    [InlineData("Bcc: a@b.c\r\n text\r\n")]
    [InlineData("X-Mailer: y\r\n \r\n   Dear Bob\r\n")]
    [InlineData("Subject: y\r\n\t\r\n \r\n\tDear Bob\r\n")]
    [InlineData("Bcc:\r\n \r\n Dear Bob\r\n")]
    public async Task Text_without_an_empty_line_before_it_is_never_lost_or_left_in_the_open(string end)
    {
        foreach (var separator in (string[])["", "rest\r\n", "\r\nrest\r\n"])
        {
            foreach (var rule in (RuleOptions[])[AuthorBed.Signing(), new RuleOptions { Name = "secret", Encrypt = new EncryptOptions { To = ["partners"] } }])
            {
                await using var bed = new AuthorBed([rule]);

                var (outcome, left) = await bed.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}", end + separator));

                outcome.Reply.ToString().ShouldStartWith("554 5.6.0 ", customMessage: outcome.Detail);
                left.ShouldBeEmpty();
            }
        }
    }

    [Theory]
    [InlineData("MIME-Version: 1.0\r\n (Some Program 1.2.3)\r\n")]
    [InlineData("MIME-Version:\r\n 1.0\r\n")]
    [InlineData("MIME-Version: 1.0 and what not\r\n")]
    [InlineData("Content-Length: 5\r\n \r\n")]
    [InlineData("Bcc: a@b.c,\r\n Bob <b@c.d>\r\n")]
    [InlineData("Bcc:\r\n \r\n")]
    [InlineData("Subject: y\r\n \r\n")]
    [InlineData("Subject: y\r\n z\r\n \r\n")]
    [InlineData("Subject: y\r\n \r\n z\r\nX-More: z\r\n")]
    public async Task What_is_folded_in_an_honest_way_is_signed(string end)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (outcome, _) = await bed.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}", end + "\r\nrest\r\n"));

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
    }

    private sealed record Trial(ReadOnlyMemory<byte> Message, SplitMessage Split, bool IsWhole, IReadOnlyList<string> Lost)
    {
        public static Trial Make(Random random)
        {
            List<(string Text, string Name)> pieces = [];
            if (random.Next(5) == 0)
            {
                pieces.Add(("From a@b Mon\r\n", "(mailbox)"));
            }

            for (var count = random.Next(6); count > 0; count--)
            {
                var name = random.Next(3) == 0 ? LeftOut[random.Next(LeftOut.Length)] : Kept[random.Next(Kept.Length)];
                var value = name.Contains("Bcc", StringComparison.OrdinalIgnoreCase) ? "someone@example.com" : $"{random.Next()}";
                pieces.Add(($"{name}: {value}\r\n{Folds[random.Next(Folds.Length)]}", name));
            }

            var stray = random.Next(6) == 0;
            if (stray)
            {
                pieces.Add(("a line that is no field\r\n", "(stray)"));
            }

            pieces.Add((Ends[random.Next(Ends.Length)], "(separator)"));
            var body = random.Next(5) == 0 ? string.Empty : $"text {random.Next()}\r\n\r\nBcc: y\r\n";
            var message = Encoding.Latin1.GetBytes(string.Concat(pieces.Select(piece => piece.Text)) + body).AsMemory();
            List<HeaderField> outer = random.Next(2) == 0 ? [] : [HeaderField.Compose("X-Composed", "new")];
            List<HeaderField> content = random.Next(2) == 0 ? [] : [HeaderField.Compose("Content-Type", "text/plain")];
            List<string> lost = [];
            var at = 0;
            foreach (var (text, name) in pieces)
            {
                var raw = message.Slice(at, text.Length);
                at += text.Length;
                var mayGo = name is "(mailbox)" or "(separator)" || LeftOut.Contains(name, StringComparer.OrdinalIgnoreCase);
                if (name == "(separator)" || (mayGo && random.Next(8) > 0) || random.Next(12) == 0)
                {
                    lost.AddRange(mayGo && !(name != "(separator)" && text.Contains("more", StringComparison.Ordinal)) ? [] : [name]);
                    continue;
                }

                var isContent = name.StartsWith("content", StringComparison.OrdinalIgnoreCase);
                var isLast = name == pieces[^2].Name && at == pieces.SkipLast(1).Sum(piece => piece.Text.Length);
                lost.AddRange(!isContent && isLast && text.Contains("\t\r\n  more", StringComparison.Ordinal) ? [name] : []);
                (isContent ? content : outer).Add(new HeaderField(raw));
                if (random.Next(30) == 0)
                {
                    content.Add(new HeaderField(raw));
                }
            }

            var cut = body.Length > 0 && random.Next(8) == 0 ? random.Next(1, body.Length) : 0;
            var tail = cut > 0 && random.Next(2) == 0;
            var kept = tail ? message[at..^cut] : message[(at + cut)..];
            lost.AddRange(cut > 0 ? ["(body)"] : []);
            return new Trial(message, new SplitMessage(outer, content, kept), lost.Count == 0, lost);
        }
    }
}
