namespace SmimeGateway.TestSupport;

/// <summary>Messages of every awkward kind, all from alice@example.com. Files of their own hold the kinds that need building.</summary>
public static class AwkwardMessages
{
    private const string Head =
        "From: Alice <alice@example.com>\nTo: bob@example.net\nDate: Fri, 20 Nov 2026 12:00:00 +0000\nMessage-ID: <a@client.example.com>\n";

    private const string Text = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwkwardMessage> All { get; } =
        [.. Bodies(), .. Headers(), .. AwkwardStructures.All, .. AwkwardSenders.All, .. AwkwardSizes.All];

    /// <summary>A message with the usual fields, the given further ones (each line ended) and body.</summary>
    internal static byte[] Compose(string fields, string body) => Lines.Crlf(Head + "Subject: Awkward\n" + fields + "\n" + body);

    private static IEnumerable<AwkwardMessage> Bodies()
    {
        const string EightBit = "Content-Transfer-Encoding: 8bit\n";
        yield return new("no MIME-Version, no Content-Type", Compose(string.Empty, "plain old text\n"));
        yield return new("empty body", Compose(string.Empty, string.Empty));
        yield return new("header only, without the empty line", Lines.Crlf(Head + "Subject: nothing follows\n"));
        yield return new("body of one line end", Compose(string.Empty, "\n"));
        yield return new("body of many empty lines at its end", Compose(Text, "text\n\n\n\n\n"));
        yield return new("no final line end", Compose(Text, "the last line has no end"));
        yield return new("8-bit UTF-8", Compose(Text + EightBit, "Gr\u00fc\u00dfe, \u4f60\u597d, \U0001f4e7\n")) { Parameters = " BODY=8BITMIME" };
        yield return new("8-bit without declaring it", Compose(Text, "Gr\u00fc\u00dfe ohne Angabe\n"));
        yield return new("8-bit Latin-1", [.. Compose("MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\n" + EightBit, string.Empty), .. "Gr"u8, 0xfc, 0xdf, (byte)'e', 13, 10]) { Parameters = " BODY=8BITMIME" };
        yield return new("8-bit that is no valid UTF-8", [.. Compose(Text + EightBit, string.Empty), 0xff, 0xfe, 0xc3, 0x28, 13, 10]) { Parameters = " BODY=8BITMIME" };
        yield return new("trailing blanks", Compose(Text, "blank at the end \nblanks   \n  \n\t\ntab\t\n-- \nsignature\n"));
        yield return new("trailing blank without final line end", Compose(Text, "the end "));
        yield return new("lines that start with From", Compose(Text, "From here on\nFrom alice Fri Nov 20\n>From quoted\n From indented\nfrom small\n"));
        yield return new("dot lines", Compose(Text, ".\n..\n...\n.hidden\n. \n.\n\n.\n"));
        yield return new("dot on the first line", Compose(Text, ".first\n"));
        yield return new("dashes that look like boundaries", Compose(Text, "--\n--boundary\n----=_Part\n------------\n"));
        yield return new("lines of 998 octets", Compose(Text, new string('a', 998) + "\n" + new string('b', 998) + "\n"));
        yield return new("a line of 998 octets with trailing blank", Compose(Text, new string('a', 997) + " \nend\n"));
        yield return new("lines of 5,000 octets", Compose(Text, new string('a', 5000) + "\n"));
        yield return new("a line of 1,001 octets", Compose(Text, new string('a', 1001) + "\n"));
        yield return new("bare line feed", [.. Compose(Text, "one\n"), .. "two\nthree\r\n"u8], AwkwardOutcome.Refused);
        yield return new("bare carriage return", [.. Compose(Text, "one\n"), .. "two\rthree\r\n"u8], AwkwardOutcome.Refused);
        yield return new("NUL", [.. Compose(Text, "one\n"), 0, 13, 10], AwkwardOutcome.Refused);
        yield return new("control characters", [.. Compose(Text, "bell "), 7, 27, 12, 11, 1, 127, 13, 10]);
        yield return new("quoted-printable with long soft lines", Compose(Text + "Content-Transfer-Encoding: quoted-printable\n", "Gr=C3=BC=C3=9Fe =\nund =\nmehr=20\nFrom=20\n=2E\n"));
        yield return new("quoted-printable that is broken", Compose(Text + "Content-Transfer-Encoding: quoted-printable\n", "=GZ = =4\n=\n=3"));
        yield return new("base64 with odd lines", Compose(Text + "Content-Transfer-Encoding: base64\n", "SGVs\nbG8s\n  IHdvcmxk\n\nIQ==\nrubbish!\n"));
        yield return new("an unknown transfer encoding", Compose(Text + "Content-Transfer-Encoding: x-uuencode\n", "begin 644 a\n#0V%T\n`\nend\n"));
        yield return new("transfer encoding in capitals", Compose(Text + "Content-Transfer-Encoding: BASE64\n", "SGVsbG8=\n"));
    }

    private static IEnumerable<AwkwardMessage> Headers()
    {
        yield return new("UTF-8 in header fields", Compose("X-Note: Gr\u00fc\u00dfe\nComments: \u4f60\u597d\n" + Text, "text\n")) { Parameters = " SMTPUTF8" };
        yield return new("encoded words", Lines.Crlf(Head + "Subject: =?utf-8?B?R3LDvMOfZQ==?= =?iso-8859-1?Q?Gr=FC=DFe?=\n" + Text + "\ntext\n"));
        yield return new("a long folded header", Lines.Crlf(Head + "Subject: a\n" + string.Concat(Enumerable.Repeat(" folded again\n", 60)) + Text + "\ntext\n"));
        yield return new("a fold with blanks only", Lines.Crlf(Head + "Subject: a\n \n b\n" + Text + "\ntext\n"));
        yield return new("blank before the colon", Compose("X-Old : value\n" + Text, "text\n"));
        yield return new("content fields in odd places and capitals", Lines.Crlf("CONTENT-TYPE: TEXT/PLAIN; CHARSET=UTF-8\n" + Head + "mime-version: 1.0 (made by hand)\nContent-Description: note\nSubject: x\n\ntext\n"));
        yield return new("a content type with comments and continuations", Compose("MIME-Version: 1.0\nContent-Type: text/plain (comment); name*0=\"very\";\n name*1=\"long.txt\";\n charset=us-ascii\n", "text\n"));
        yield return new("a broken content type", Compose("MIME-Version: 1.0\nContent-Type: text\n", "text\n"));
        yield return new("two content types", Compose("MIME-Version: 1.0\nContent-Type: text/plain\nContent-Type: text/html\n", "text\n"));
        yield return new("mailing-list headers", Compose("List-Id: <list.example.net>\nList-Unsubscribe: <mailto:leave@example.net>\nPrecedence: list\nSender: owner@example.com\nErrors-To: owner@example.net\nX-BeenThere: list@example.net\nReply-To: list@example.net\n" + Text, "text\n_______________\nlist mailing list\n"));
        yield return new("trace, DKIM and resent fields", Compose("Received: from a by b; Fri, 20 Nov 2026 11:00:00 +0000\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x;\n h=from; bh=abc=; b=def=\nResent-From: carol@example.com\nReturn-Path: <carol@example.com>\n" + Text, "text\n"));
        yield return new("a display name with quotes and commas", Lines.Crlf("From: \"Doe, \\\"Alice\\\" (Sales)\" <alice@example.com>\nTo: bob@example.net\nSubject: x\n\ntext\n"));
        yield return new("an address with comments", Lines.Crlf("From: (the) alice@example.com (Alice)\nTo: bob@example.net\nSubject: x\n\ntext\n"));
        yield return new("an address in capitals", Lines.Crlf("From: ALICE@EXAMPLE.COM\nTo: bob@example.net\nSubject: x\n\ntext\n"));
        yield return new("group syntax in To", Lines.Crlf("From: alice@example.com\nTo: undisclosed recipients:;\nSubject: x\n\ntext\n"));
        yield return new("a hundred further fields", Compose(string.Concat(Enumerable.Range(0, 100).Select(number => $"X-Field-{number}: {number}\n")) + Text, "text\n"));
        yield return new("a line that is no field", Compose(Text + "this line has no colon before blanks\n", "text\n"));
    }
}
