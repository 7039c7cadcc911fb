using System.Text;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class FieldNameLengthTests
{
    private static readonly string[] Words = ["", " ", "x", "\t", "\u20AC", "a,b;", "<a@b>", "\"q\"", "\r\n ", new('y', 60), new('z', 997), new('\u00E4', 700)];

    [Fact]
    public void Whatever_the_lengths_of_name_and_value_a_field_fits_and_says_the_same_or_is_refused()
    {
        var random = new Random(20261129);
        for (var round = 0; round < 5000; round++)
        {
            var length = random.Next(3) switch { 0 => random.Next(1, 100), 1 => random.Next(980, 1003), _ => random.Next(1, 3000) };
            var name = random.Next(4) switch { 0 => "Subject", 1 => "References", 2 => "To", _ => new string('N', length) };
            var value = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Words[random.Next(Words.Length)])));

            // What continues no character must not move the colon.
            byte[] odd = random.Next(3) == 0 ? [0x80, 0x80, 0x80, 0x80, 0x80] : [];
            byte[] raw = [.. Encoding.ASCII.GetBytes(name), (byte)':', .. odd, .. value, .. "\r\nX-Last: x\r\n\r\nbody"u8];
            var message = Read.Message(raw);
            if (message.Header.Count != 2)
            {
                continue;
            }

            var shortened = Read.Message(ShortLines.Make(raw).ToArray());
            shortened.Header.Select(field => field.Name).ShouldBe([name, "X-Last"]);
            if (!OuterLines.TryFit(ContentSplit.Split(message), out var fitting, out var fault))
            {
                fault.Reason.ShouldStartWith($"a line of {name[..Math.Min(60, name.Length)]}");
                continue;
            }

            var field = fitting.OuterFields[0];
            var lines = Encoding.Latin1.GetString(field.Raw.Span).TrimEnd('\r', '\n').Split("\r\n");
            lines.ShouldAllBe(line => line.Length <= 998 && line.Trim().Length > 0);
            lines[0].ShouldStartWith(name + ":");
            lines.Skip(1).ShouldAllBe(line => line[0] == ' ' || line[0] == '\t');
            Letters(name == "Subject" ? field.Text : field.Body).ShouldBe(Letters(name == "Subject" ? message.Header[0].Text : message.Header[0].Body));
        }
    }

    [Theory]
    [InlineData(996, 2, true)]
    [InlineData(997, 2, true)]
    [InlineData(998, 2, false)]
    [InlineData(997, 2000, true)]
    [InlineData(998, 2000, false)]
    [InlineData(1500, 1, false)]
    public void A_name_that_leaves_no_room_for_its_colon_is_told_of_and_not_written(int name, int value, bool fits)
    {
        var raw = Encoding.ASCII.GetBytes($"{new string('A', name)}: {new string('x', value)}\r\n\r\nhi");

        OuterLines.TryFit(ContentSplit.Split(Read.Message(raw)), out _, out var fault).ShouldBe(fits);

        (fault?.Reason.Length ?? 0).ShouldBeLessThan(200);
        Read.Message(ShortLines.Make(raw).ToArray()).Header[0].Name.Length.ShouldBe(name);
    }

    private static string Letters(string text) => string.Concat(text.Where(character => character is not (' ' or '\t' or '\r' or '\n')));
}
