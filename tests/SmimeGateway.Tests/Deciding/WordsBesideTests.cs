using System.Text;

namespace SmimeGateway.Tests.Deciding;

/// <summary>What stands readable beside an encrypted object is bounded in its sum: what may stand once may not stand many times.</summary>
public sealed class WordsBesideTests
{
    // The first two packets of the message: a session key for a password, and what it opens.
    private const int KeyLength = 15;

    private static readonly byte[] Message = Convert.FromBase64String(
        "jA0ECQMCSHdRERDqB5j/0j0BCcSWVavig1GUaywzoLZ3Kv4vkFehpBn68TuCXXlq1cVx3DFsfCDUOWP6CNbfnZQAQCD4yoQWrarVRF9X");

    private static readonly byte[] Literal = [0xCB, 12, .. "b\0\0\0\0\0SECRET"u8];

    private static readonly Dictionary<string, string> Forms = new()
    {
        ["enveloped"] = ArrivedMail.Enveloped,
        ["authenticated"] = ArrivedMail.AuthEnveloped,
        ["PGP/MIME"] = ArrivedMail.PgpEncrypted,
        ["PGP/MIME of an older program"] = ArrivedMail.PgpEncrypted.Replace("BEGIN PGP MESSAGE-----\r\n", "BEGIN PGP MESSAGE-----\r\nVersion: GnuPG v2\r\n", StringComparison.Ordinal),
        ["PGP in the text"] = "Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Language: en-US\r\n\r\n" + ArrivedMail.PgpMessage,
    };

    private static readonly string[] Lines =
    [
        "Version: SECRET line {0}", "Content-Line-{0}: SECRET", "MIME-Version: 1.0 (SECRET {0})", "MIME-Version: 1.0", "Hash: SECRET {0}", "Comment: SECRET {0}",
        "Charset: SECRET {0}", "MessageID: {0}", "Content-Description: PGP {0}", "Content-Disposition: inline; filename=SECRET{0}", "Content-Language: en{0}",
        "Content-Transfer-Encoding: 7bit", "Content-Type: text/plain; name=\"SECRET {0}\"", "Content-ID: <SECRET{0}@x>", "Hash: SHA256", " SECRET {0}", "\tSECRET{0}=1;",
    ];

    private static readonly string[] Tails =
    [
        " (SECRET)", " SECRET", "; x=\"SECRET\"", "; x*=utf-8''SECRET", "; x*0=SE; x*1=CRET", ", SECRET", "; SECRET", "; name=a; name=b", "; name*0=SE; name*1=CRET",
        "; name=\"" + "SECRET WORDS SECRET WORDS SECRET WORDS SECRET WORDS SECRET WORDS SECRET WORDS" + "\"", "; charset=\"a\" SECRET", "; smime-type=(SECRET)x",
    ];

    public static TheoryData<string> FormNames => [.. Forms.Keys];

    [Theory]
    [MemberData(nameof(FormNames))]
    public void A_line_that_stands_many_times_at_any_place_leaves_nothing_proved(string form)
    {
        var whole = Forms[form];
        var body = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        ArrivedMail.Arrive(whole).IsEncrypted.ShouldBeTrue(form);
        foreach (var at in LineStarts(whole))
        {
            foreach (var line in Lines)
            {
                var many = string.Concat(Enumerable.Range(1, 300).Select(number => string.Format(null, CompositeFormat.Parse(line), number) + "\r\n"));

                // The fields of a message that are not of its content travel in the open with every message.
                if (at >= body || (at > 0 && char.IsWhiteSpace(line[0])) || line.StartsWith("Content-", StringComparison.Ordinal))
                {
                    var arrived = ArrivedMail.Arrive(whole.Insert(at, many));
                    arrived.IsEncrypted.ShouldBeFalse($"{line} at {at}: {arrived}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormNames))]
    public void A_line_of_a_header_that_stands_twice_leaves_nothing_proved(string form)
    {
        var whole = Forms[form];
        foreach (var at in LineStarts(whole))
        {
            var line = whole[at..(whole.IndexOf('\n', at) + 1)];
            if (line.Contains(": ", StringComparison.Ordinal))
            {
                ArrivedMail.Arrive(whole.Insert(at, line)).IsEncrypted.ShouldBeFalse(line);
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormNames))]
    public void A_label_that_says_more_than_labels_do_leaves_nothing_proved(string form)
    {
        var whole = Forms[form];
        foreach (var at in LineStarts(whole))
        {
            var end = whole.IndexOf('\r', at);
            if (whole[at..end].StartsWith("Content-", StringComparison.Ordinal))
            {
                foreach (var tail in Tails)
                {
                    ArrivedMail.Arrive(whole.Insert(end, tail)).IsEncrypted.ShouldBeFalse($"{whole[at..end]}{tail}");
                }
            }
        }
    }

    [Fact]
    public void Packets_are_session_keys_and_what_they_open_with_nothing_before_between_or_behind()
    {
        var (key, data) = (Message[..KeyLength], Message[KeyLength..]);
        var content = data[2..];
        byte[] Partial(int power) => [0xD2, (byte)(224 + power), .. new byte[1 << power], (byte)content.Length, .. content];

        IsEncrypted(key, data).ShouldBeTrue();
        IsEncrypted(key, key, key, data).ShouldBeTrue("many recipients");
        IsEncrypted(key, Partial(9)).ShouldBeTrue("in pieces");
        IsEncrypted(key, [0xD2, 255, 0, 0, 0, (byte)content.Length], content).ShouldBeTrue("a length of five octets");
        IsEncrypted(key, [0xA4, (byte)content.Length], content).ShouldBeTrue("an older packet");
        IsEncrypted(key, [0xA5, 0, (byte)content.Length], content).ShouldBeTrue("an older packet with a longer length");
        IsEncrypted(key, [0xA7], content).ShouldBeTrue("an older packet without a length");
        IsEncrypted(key, [0xD4, (byte)content.Length], content).ShouldBeTrue("GnuPG's authenticated data");

        byte[][] others = [Literal, [0xCA, 3, .. "PGP"u8], [0xC2, 1, 4], [0xD5, 6, .. "SECRET"u8], [0xC8, 1, 0], [0x01], [0xFF], [0xD2], .. Enumerable.Range(0, 64).Select(tag => new[] { (byte)(0xC0 | tag), (byte)1, (byte)'S' })];
        foreach (var other in others)
        {
            var name = Convert.ToHexString(other);
            IsEncrypted(key, data, other).ShouldBeFalse(name);
            IsEncrypted(other).ShouldBeFalse(name);
            IsEncrypted(key, other).ShouldBe(other is [0xC9 or 0xD2 or 0xD4, _, _], name);
            IsEncrypted(other, key, data).ShouldBe(other is [0xC1 or 0xC3, _, _], name);
            IsEncrypted(key, other, data).ShouldBe(other is [0xC1 or 0xC3, _, _], name);
        }

        IsEncrypted(data).ShouldBeFalse("no key");
        IsEncrypted(key, data[..^1]).ShouldBeFalse("cut off");
        IsEncrypted(key, Partial(8)).ShouldBeFalse("too small a piece");
        IsEncrypted([0xC3, 0xFF, 0, 0, 0x20, 0], new byte[0x2000], data).ShouldBeFalse("no key is that long");
        IsEncrypted([0x8F], new byte[9]).ShouldBeFalse("a key without a length");
    }

    [Theory]
    [InlineData("Hash: SHA512", true)]
    [InlineData("Hash: SHA256, SHA512", true)]
    [InlineData("Hash: SHA256\r\nHash: SHA512", true)]
    [InlineData("Hash: SHA512\r\nHash: SHA512", false)]
    [InlineData("Hash: SHA512,sha512", false)]
    [InlineData("Hash: any text", false)]
    [InlineData("Hash: SHA512, any text", false)]
    [InlineData("Hash:", false)]
    [InlineData("Charset: utf-8", false)]
    public void A_clear_text_names_known_digests_each_of_them_once(string lines, bool isSigned) =>
        ArrivedMail.Arrive(ArrivedMail.PgpClearSigned.Replace("Hash: SHA512", lines, StringComparison.Ordinal)).IsSigned.ShouldBe(isSigned);

    [Fact]
    public void A_signature_says_little_of_the_program_that_made_it()
    {
        string Signed(int lines) => ArrivedMail.PgpSigned.Replace(
            "BEGIN PGP SIGNATURE-----\r\n", "BEGIN PGP SIGNATURE-----\r\n" + string.Concat(Enumerable.Repeat("Comment: https://www.example.com\r\n", lines)), StringComparison.Ordinal);

        ArrivedMail.Arrive(Signed(2)).IsSigned.ShouldBeTrue();
        ArrivedMail.Arrive(Signed(500)).IsSigned.ShouldBeFalse();
    }

    private static bool IsEncrypted(params byte[][] packets) =>
        ArrivedMail.Arrive(ArrivedMail.PgpMime(ArrivedMail.Armour("MESSAGE", Convert.ToBase64String([.. packets.SelectMany(packet => packet)]) + "\r\n"))).IsEncrypted;

    private static IEnumerable<int> LineStarts(string whole)
    {
        for (var at = 0; at < whole.Length; at = whole.IndexOf('\n', at) + 1)
        {
            yield return at;
            if (whole.IndexOf('\n', at) < 0)
            {
                yield break;
            }
        }
    }
}
