using System.Text;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests;

public sealed class ShortLinesTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 300).Select(i => $"<td>{i}</td>"));

    [Theory]
    [InlineData("Subject: x\r\n\r\nbody\r\n")]
    [InlineData("")]
    [InlineData("no header")]
    public void Short_lines_stay_as_they_are(string message)
    {
        var octets = Encoding.Latin1.GetBytes(message);

        ShortLines.Make(octets).ShouldBe(octets);
    }

    [Theory]
    [InlineData(998, 0)]
    [InlineData(998, 1)]
    [InlineData(998, 2)]
    [InlineData(999, 1)]
    [InlineData(999, 0)]
    [InlineData(999, 2)]
    public void A_line_is_long_from_999_octets_on(int length, int place)
    {
        var line = new string('x', length);
        var octets = Encoding.ASCII.GetBytes("Subject: x\r\n\r\n" + (place switch { 0 => $"{line}\r\nend\r\n", 1 => $"text\r\n{line}", _ => $"{line}\r\n" }));

        ShortLines.Make(octets).Equals(octets).ShouldBe(length == 998);
    }

    [Theory]
    [InlineData(900, false)]
    [InlineData(999, true)]
    [InlineData(1100, true)]
    public void A_long_line_is_seen_wherever_the_message_is_cut_into_blocks(int length, bool isLong)
    {
        var octets = Encoding.ASCII.GetBytes($"Subject: x\r\n\r\ntext\r\n{new string('x', length)}\r\nend").AsMemory();

        for (var cut = 0; cut <= octets.Length; cut++)
        {
            ShortLines.MayBeNeeded([octets[..cut], octets[cut..]]).ShouldBe(isLong, $"cut at {cut}");
            ShortLines.MayBeNeeded([octets[..(cut / 2)], octets[(cut / 2)..cut], octets[cut..]]).ShouldBe(isLong, $"cut at {cut}");
        }
    }

    [Fact]
    public void A_long_header_line_is_folded_and_nothing_else_changes()
    {
        var ids = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"<{i:D30}@example.com>"));
        var message = Corpus.Read.Message($"Subject : a \r\nReferences: {ids}\r\nX-Last: \u00E4\r\n\r\nbody \u00E4 \r\n");

        var shortened = Read(message);

        LongestLine(shortened).ShouldBeLessThanOrEqualTo(998);
        shortened.Header.Find("References")!.Body.ShouldBe(ids);
        Latin(shortened.Raw).ShouldBe(Latin(message.Raw).Replace($" {ids}", Latin(shortened.Header.Find("References")!.RawBody), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", "8bit")]
    [InlineData("text/plain", "7bit")]
    [InlineData("application/octet-stream", "binary")]
    public void A_part_with_long_lines_decodes_to_the_same_octets(string type, string encoding)
    {
        var part = $"Content-Type: {type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{Long}\r\n";
        foreach (var raw in new[]
        {
            $"Bcc: a@b\r\nFrom: \u00E4 <a@b>\r\n{part}",
            $"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\nMIME-Version: 1.0\r\n\r\npreamble\r\n--b\r\n\r\nother\r\n--b\r\n{part}\r\n--b--\r\n",
        })
        {
            var message = Corpus.Read.Message(raw);

            var shortened = Read(message);

            LongestLine(shortened).ShouldBeLessThanOrEqualTo(998);
            Leaves(shortened).ShouldBe(Leaves(message));
            shortened.Header.Find("MIME-Version").ShouldNotBeNull();
            shortened.Header.Where(field => !field.IsContentField && !field.Is("MIME-Version")).Select(field => Latin(field.Raw))
                .ShouldBe(message.Header.Where(field => !field.IsContentField && !field.Is("MIME-Version")).Select(field => Latin(field.Raw)));
        }
    }

    [Theory]
    [InlineData("multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b")]
    [InlineData("multipart/signed; protocol=\"application/pgp-signature\"; boundary=b")]
    public void What_its_author_signed_keeps_its_lines(string type)
    {
        var body = $"--b\r\nContent-Type: text/html\r\n\r\n{Long}\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n";
        var signed = Corpus.Read.Message($"From: a@b\r\nReferences: {string.Join(' ', Enumerable.Repeat("<a@b>", 300))}\r\nContent-Type: {type}\r\n\r\n{body}");

        var shortened = Read(signed);

        Latin(shortened.Body).ShouldBe(body);
        Latin(shortened.Header.Raw).Split("\r\n").ShouldAllBe(line => line.Length <= 998);
    }

    [Theory]
    [InlineData("Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n#\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n")]
    [InlineData("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n#\r\n")]
    [InlineData("# is text and no field\r\n\r\nx")]
    public void What_some_program_would_read_differently_afterwards_keeps_its_lines(string part)
    {
        var message = Corpus.Read.Message($"From: a@b\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nx\r\n--m\r\n{part.Replace("#", Long, StringComparison.Ordinal)}\r\n--m--\r\n");

        Latin(Read(message).Raw).ShouldBe(Latin(message.Raw));
    }

    // A signature over the message is made before the last server is known, and may stand before it.
    [Fact]
    public void What_was_written_anew_once_stays_so_also_behind_a_further_field()
    {
        var field = Encoding.ASCII.GetBytes("DKIM-Signature: v=1; a=rsa-sha256;\r\n b=\r\n");
        var messages = AwkwardMessages.All.Select(awkward => awkward.Content).Where(content => content.Length < 500_000).ToList();
        foreach (var part in new[] { "text/html", "multipart/signed; boundary=b; protocol=\"application/pgp-signature\"", "message/rfc822", "application/pkcs7-mime" })
        {
            messages.Add(Encoding.Latin1.GetBytes($"From: a@b\r\nX-Long: {string.Join(' ', Enumerable.Repeat("word", 400))}\r\nX-Solid: {new string('x', 3000)}\r\nReferences: <{new string('y', 2000)}@b>\r\nContent-Type: {part}\r\n\r\n--b\r\n\r\n{Long}\r\n--b--\r\n"));
        }

        messages.Count(message => !ShortLines.Make(message).Equals(message.AsMemory())).ShouldBeGreaterThan(5);
        foreach (var message in messages)
        {
            var once = ShortLines.Make(message).ToArray();
            byte[] signed = [.. field, .. once];

            Latin(ShortLines.Make(once)).ShouldBe(Latin(once));
            Latin(ShortLines.Make(signed)).ShouldBe(Latin(signed));
        }
    }

    private static Entity Read(Entity message) => Corpus.Read.Message(ShortLines.Make(message.Raw).ToArray());

    private static IEnumerable<string> Leaves(Entity entity)
    {
        entity.TryGetParts(out var parts, out _).ShouldBeTrue();
        return parts!.Count > 0 ? parts.SelectMany(Leaves) : [$"{entity.ContentType} {Encoding.Latin1.GetString(entity.DecodeBody())}"];
    }

    private static int LongestLine(Entity entity) => Latin(entity.Raw).Split("\r\n").Max(line => line.Length);

    private static string Latin(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
