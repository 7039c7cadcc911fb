using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.ProtectedHeaders;

namespace SmimeGateway.Mime.Tests;

public sealed class CharsetTests
{
    // Names that the framework answers with NotSupportedException, that are UTF-7 by another name, or that its tables hold without a list.
    private static readonly string[] Hidden =
    [
        "utf-7", "UTF-7", "csUnicode11UTF7", "unicode-1-1-utf-7", "unicode-2-0-utf-7", "x-unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "iso-2022-cn", "x-cp50227",
        "iso-2022-kr", "csISO2022KR", "iso-2022-jp", "csISO2022JP", "_iso-2022-jp$SIO", "hz-gb-2312", "x-iscii-de", "x-iscii-ta", "x-Europa", "x-mac-japanese",
        "cp037", "ibm037", "ebcdic-cp-us", "cp500", "cp1026", "ibm01047", "ibm01140", "x-EBCDIC-KoreanExtended", "x-user-defined", "x-euc-cn", "ucs-2", "ucs-4",
        "utf-16", "utf-16le", "utf-16be", "unicodefffe", "utf-32", "utf-32be", "johab", "dos-862", "gb18030", "big5-hkscs", "\0", "é", "utf-8\0", "a*b*c", "*", " ",
    ];

    private static IEnumerable<string> Known =>
        Encoding.GetEncodings().Concat(CodePagesEncodingProvider.Instance.GetEncodings()).SelectMany(info => new[] { info.Name, $"cp{info.CodePage}", $"x-cp{info.CodePage}" });

    private static string[] Names => [.. Known.Concat(Hidden).SelectMany(name => new[] { name, $"x-{name}", $"cs{name}", $"{name}*en" }).Distinct()];

    [Fact]
    public void No_name_and_no_octets_of_a_charset_throw()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(code => (byte)code), .. "\u001b$)A\u001b(J~{~}+AFs-"u8];
        var random = new Random(20261129);
        foreach (var name in Names)
        {
            var octets = new byte[random.Next(64)];
            random.NextBytes(octets);
            foreach (var bytes in new[] { all, octets })
            {
                Should.NotThrow(() => Charsets.Decode(name, bytes), name);
                var word = $"=?{name}?B?{Convert.ToBase64String(bytes)}?=";
                Should.NotThrow(() => EncodedWords.Decode(word), word);
            }
        }
    }

    [Fact]
    public void No_text_of_any_charset_stops_the_protection_of_its_header()
    {
        foreach (var name in Names.Where(name => !name.Contains('\0', StringComparison.Ordinal)))
        {
            var message = Encoding.Latin1.GetBytes($"Subject: =?{name}?Q?a=1Bb?= ü\r\nContent-Type: text/plain; charset=\"{name}\"; name*={name}''%80%1b\r\n\r\n\u001b$)A~{{~}}\u00ff+AFs-\r\n");
            Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();

            Should.NotThrow(() => HeaderProtection.ForEncrypted(ContentSplit.Split(entity!), legacyDisplay: true), name);
            Should.NotThrow(() => entity!.FileName, name);
        }
    }

    [Fact]
    public void A_charset_in_which_ASCII_says_something_else_is_known_to_nobody()
    {
        foreach (var name in Names)
        {
            if (Charsets.Find(name) is { } found && !found.WebName.StartsWith("utf-16", StringComparison.Ordinal) && !found.WebName.StartsWith("utf-32", StringComparison.Ordinal))
            {
                found.GetString("Abc 019"u8).ShouldBe("Abc 019", name);
                found.GetString("+AFs-"u8).ShouldBe("+AFs-", name);
            }
        }
    }
}
