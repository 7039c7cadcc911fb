using System.Text;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;

namespace SmimeGateway.Tests.Protecting;

public sealed class OctetAccountTests
{
    private static readonly string[] Kept = ["From", "Subject", "X-Unheard-Of", "Content-Type", "content-disposition", "Received", "Bccc", "Content"];
    private static readonly string[] LeftOut = ["Bcc", "RESENT-BCC", "Content-Length", "MIME-Version", "bcc "];
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
            var message = random.Next(2) == 0 ? octets : [.. "Bcc: x\r\n y\r\nSubject: x\r\n"u8, .. octets];
            Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();

            OctetAccount.FindLoss(message, ContentSplit.Split(entity)).ShouldBeNull(Encoding.Latin1.GetString(message));
        }
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
                pieces.Add(($"{name}: {random.Next()}\r\n{(random.Next(3) == 0 ? "\t\r\n  more\r\n" : "")}", name));
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
                    lost.AddRange(mayGo ? [] : [name]);
                    continue;
                }

                (name.StartsWith("content", StringComparison.OrdinalIgnoreCase) ? content : outer).Add(new HeaderField(raw));
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
