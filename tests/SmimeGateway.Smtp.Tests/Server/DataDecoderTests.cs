using System.Text;
using SmimeGateway.Smtp.Server.Content;

namespace SmimeGateway.Smtp.Tests.Server;

public sealed class DataDecoderTests
{
    public static TheoryData<string, string> Messages => new()
    {
        { ".\r\n", "" },
        { "\r\n.\r\n", "\r\n" },
        { "a\r\n.\r\n", "a\r\n" },
        { "..\r\n.\r\n", ".\r\n" },
        { "..a\r\n.b\r\n...\r\n.\r\n", ".a\r\nb\r\n..\r\n" },
        { "Subject: x\r\n\r\n..first\r\n\r\n\r\n.\r\n", "Subject: x\r\n\r\n.first\r\n\r\n\r\n" },
        { "a.\r\n.\r\n", "a.\r\n" },
    };

    public static TheoryData<string> Smuggled => new(
        "a\n.\n", "a\n.\r\n", "a\r\n.\n", "a\r.\r", "a\r.\r\n", "a\r\n.\r", "a\n\r.\n\r", "a\r\n.\r\rb", "a\r\n.\n\rb", "a\r\r\n.\r\r\nb", "a\n\n.\r\n",
        "a\r\n\0.\r\n", "a\r\n.\0\r\n", "a\r\n.\r\0\n", "a\r\0\n.\r\n", "a\0\n.\r\n", "a\r\n\r.\r\n", "a\r\n.\r\u0085\n", "a\n.\r", "a\r.\n", "\n.\n", "\r.\r", ".\r\r\n", ".\n");

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_comes_out_unstuffed_however_it_is_split(string wire, string content)
    {
        foreach (var pieces in Splits(Encoding.Latin1.GetBytes(wire)))
        {
            var (decoder, intake) = Started();

            var rest = Feed(decoder, pieces, "RSET\r\n"u8.ToArray());

            rest.ShouldBe("RSET\r\n");
            intake.Fault.ShouldBe(DataFault.None);
            intake.Octets.ShouldBe(content.Length);
            Encoding.Latin1.GetString(intake.Take().Span).ShouldBe(content);
        }
    }

    [Theory]
    [MemberData(nameof(Smuggled))]
    public void What_another_server_might_take_for_the_end_is_swallowed_up_to_the_true_one(string payload)
    {
        var wire = Encoding.Latin1.GetBytes(payload + "MAIL FROM:<eve@example.com>\r\nDATA\r\n" + "evil\r\n.\r\n");

        foreach (var pieces in Splits(wire))
        {
            var (decoder, intake) = Started();

            var rest = Feed(decoder, pieces, "QUIT\r\n"u8.ToArray());

            rest.ShouldBe("QUIT\r\n");
            intake.Fault.ShouldBeOneOf(DataFault.BareLineEnd, DataFault.NulOctet);
            intake.Take().Length.ShouldBe(0);
        }
    }

    [Fact]
    public void Random_octets_end_and_decode_as_the_definition_says()
    {
        var random = new Random(20260314);
        var alphabet = "\r\r\n\n..a\0"u8.ToArray();
        for (var round = 0; round < 200_000; round++)
        {
            var wire = random.GetItems(round % 3 == 0 ? alphabet[..7] : alphabet, random.Next(1, 24));
            var split = random.Next(wire.Length + 1);
            var (decoder, intake) = Started();

            var rest = Feed(decoder, [wire[..split], wire[split..]], []);

            var (end, isFaulty, content) = Define(wire);
            var shown = Convert.ToHexString(wire) + "/" + split;
            rest.ShouldBe(end < 0 ? null : Encoding.Latin1.GetString(wire.AsSpan(end)), shown);
            if (end >= 0)
            {
                (intake.Fault != DataFault.None).ShouldBe(isFaulty, shown);
                intake.Take().ToArray().ShouldBe(isFaulty ? [] : content, shown);
            }
        }
    }

    [Theory]
    [InlineData(5000, false)]
    [InlineData(5001, true)]
    [InlineData(100_000, true)]
    public void A_line_has_as_many_octets_as_the_limit_says(int text, bool isTooLong)
    {
        var wire = Encoding.ASCII.GetBytes("short\r\n" + new string('x', text) + "\r\nshort\r\n.\r\n");
        foreach (var size in new[] { 1, 7, 997, wire.Length })
        {
            var (decoder, intake) = Started();

            Feed(decoder, [.. wire.Chunk(size)], []).ShouldNotBeNull();

            intake.Fault.ShouldBe(isTooLong ? DataFault.LineTooLong : DataFault.None);
        }
    }

    [Fact]
    public void The_transparency_dot_does_not_count_as_part_of_the_line()
    {
        var (decoder, intake) = Started();

        Feed(decoder, [Encoding.ASCII.GetBytes(".." + new string('x', 4999) + "\r\n.\r\n")], []).ShouldNotBeNull();

        intake.Fault.ShouldBe(DataFault.None);
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(10, true)]
    public void The_limit_counts_the_octets_of_the_content_alone(int limit, bool isTooBig)
    {
        var (decoder, intake) = Started("Received: from here\r\n", limit);

        Feed(decoder, [.. "..\r\n..\r\n....\r\n.\r\n"u8.ToArray().Chunk(3)], []).ShouldNotBeNull();

        intake.Fault.ShouldBe(isTooBig ? DataFault.TooBig : DataFault.None);
    }

    [Fact]
    public void A_prefix_stands_before_the_content_in_one_block()
    {
        var (decoder, intake) = Started("Received: here\r\n");

        Feed(decoder, ["a: b\r\n.\r\n"u8.ToArray()], []).ShouldBe("");

        intake.Take().ToArray().ShouldBe("Received: here\r\na: b\r\n"u8.ToArray());
    }

    [Fact]
    public void Nothing_is_kept_once_the_message_is_refused()
    {
        var line = Encoding.ASCII.GetBytes(new string('x', 98) + "\r\n");
        var (decoder, intake) = Started();
        decoder.Decode("\n"u8, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 600_000; i++)
        {
            decoder.Decode(line, out _).ShouldBeFalse();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
        intake.Fault.ShouldBe(DataFault.BareLineEnd);
    }

    private static (DataDecoder Decoder, MessageIntake Intake) Started(string prefix = "", long limit = 1_000_000)
    {
        var intake = new MessageIntake();
        intake.Start(Encoding.ASCII.GetBytes(prefix), null, limit);
        var decoder = new DataDecoder(intake, maxLine: 5000);
        decoder.Start();
        return (decoder, intake);
    }

    // What follows the end of data, or null when it never came.
    private static string? Feed(DataDecoder decoder, byte[][] pieces, byte[] after)
    {
        var all = pieces.Append(after).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            if (decoder.Decode(all[i], out var consumed))
            {
                return Encoding.Latin1.GetString([.. all[i][consumed..], .. all[(i + 1)..].SelectMany(piece => piece)]);
            }

            consumed.ShouldBe(all[i].Length);
        }

        return null;
    }

    private static IEnumerable<byte[][]> Splits(byte[] wire)
    {
        yield return [wire];
        yield return [.. wire.Select(octet => new[] { octet })];
        for (var at = 1; at < wire.Length; at++)
        {
            yield return [wire[..at], wire[at..]];
        }
    }

    // RFC 5321 section 4.1.1.4, as slow and plain as can be.
    private static (int End, bool IsFaulty, byte[] Content) Define(byte[] wire)
    {
        var text = "\r\n" + Encoding.Latin1.GetString(wire);
        var terminator = text.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        if (terminator < 0)
        {
            return (-1, false, []);
        }

        var lines = text[2..Math.Max(2, terminator + 2)];
        var stripped = lines.Replace("\r\n", "", StringComparison.Ordinal);
        var isFaulty = stripped.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;
        var content = string.Concat(lines.Split("\r\n")[..^1].Select(line => (line.StartsWith('.') ? line[1..] : line) + "\r\n"));
        return (terminator + 3, isFaulty, Encoding.Latin1.GetBytes(content));
    }
}
