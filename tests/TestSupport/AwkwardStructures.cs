namespace SmimeGateway.TestSupport;

/// <summary>Multiparts of every awkward shape.</summary>
internal static class AwkwardStructures
{
    private const string Mixed = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b1\"\n";

    public static IReadOnlyList<AwkwardMessage> All { get; } =
    [
        new("multipart/alternative", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=alt\n",
            "--alt\nContent-Type: text/plain\n\nplain\n--alt\nContent-Type: text/html\n\n<p>html</p>\n--alt--\n")),
        new("nested multipart", AwkwardMessages.Compose(
            Mixed,
            "--b1\nContent-Type: multipart/related; boundary=\"b2\"\n\n--b2\nContent-Type: multipart/alternative; boundary=\"b3\"\n\n--b3\n\nplain \n"
            + "--b3\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>Gr\u00fc\u00dfe</p>\n--b3--\n\n--b2\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\n\nR0lGODlhAQABAAAAACw=\n--b2--\n\n--b1--\n")),
        new("preamble and epilogue", AwkwardMessages.Compose(
            Mixed, "This is the preamble \nFrom nobody\n--b1\n\npart\n--b1--\nThis is the epilogue \nFrom nobody\n--b1\nnot a part\n")),
        new("preamble of 8-bit text", AwkwardMessages.Compose(Mixed, "Pr\u00e4ambel\n--b1\n\npart\n--b1--\n")),
        new("no closing boundary", AwkwardMessages.Compose(Mixed, "--b1\n\nfirst\n--b1\n\nsecond, never closed\n")),
        new("no part at all", AwkwardMessages.Compose(Mixed, "just text, no boundary line\n")),
        new("multipart without boundary parameter", AwkwardMessages.Compose("MIME-Version: 1.0\nContent-Type: multipart/mixed\n", "--x\n\npart\n--x--\n")),
        new("empty parts", AwkwardMessages.Compose(Mixed, "--b1\n\n--b1\n--b1\n\n\n--b1--\n")),
        new("a boundary that is the start of another", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=ab\n",
            "--ab\nContent-Type: multipart/mixed; boundary=abc\n\n--abc\n\ninner\n--abc--\n--ab\n\nouter\n--ab--\n")),
        new("blanks after boundary lines", AwkwardMessages.Compose(Mixed, "--b1  \n\npart\n--b1\t\n\npart\n--b1--  \n")),
        new("a boundary of 70 characters", AwkwardMessages.Compose(
            $"MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"{new string('x', 70)}\"\n",
            $"--{new string('x', 70)}\n\npart\n--{new string('x', 70)}--\n")),
        new("a quoted boundary with odd characters", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_'()+,-./:=? z\"\n",
            "--=_'()+,-./:=? z\n\npart\n--=_'()+,-./:=? z--\n")),
        new("message/rfc822", AwkwardMessages.Compose(
            Mixed, "--b1\n\nsee below\n--b1\nContent-Type: message/rfc822\n\nFrom: carol@example.net\nTo: alice@example.com\nSubject: inner\n\ninner text \nFrom inside\n--b1--\n")),
        new("message/rfc822 as the whole body, 8-bit inside", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n",
            "From: carol@example.net\nSubject: inner\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGr\u00fc\u00dfe\n")),
        new("message/rfc822 in message/rfc822", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: message/rfc822\n",
            "Subject: one\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\nSubject: two\n\ntwo \n")),
        new("multipart/digest", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=d\n", "--d\n\nSubject: one\n\none\n--d\n\nSubject: two\n\ntwo \n--d--\n")),
        new("multipart/report", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n",
            "--r\n\nfailed\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\n--r\nContent-Type: text/rfc822-headers\n\nSubject: lost\n--r--\n")),
        new("an 8-bit part in a 7-bit message", AwkwardMessages.Compose(
            Mixed, "--b1\n\nseven\n--b1\nContent-Type: text/plain; charset=utf-8\n\nacht: \u00fc\n--b1--\n")),
        new("a binary attachment sent as 8bit", AwkwardMessages.Compose(
            Mixed, "--b1\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: 8bit\n\n\u0001\u0002\u00ff \u00fe\t\n--b1--\n")),
        new("twenty levels of multipart", AwkwardMessages.Compose(Nest(20), NestBody(20))),
        new("a calendar invitation", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\nContent-Transfer-Encoding: 8bit\nContent-Class: urn:content-classes:calendarmessage\n",
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:B\u00fcro \nEND:VEVENT\nEND:VCALENDAR\n")),
        new("TNEF", AwkwardMessages.Compose(
            Mixed, "--b1\n\nsee attachment\n--b1\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"winmail.dat\"\n\neJ8+IgEAAQ==\n--b1--\n")),
    ];

    private static string Nest(int levels) => $"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=n{levels}x\n";

    private static string NestBody(int levels) => levels == 0
        ? "innermost \n"
        : $"--n{levels}x\n" + (levels == 1 ? "\n" : $"Content-Type: multipart/mixed; boundary=n{levels - 1}x\n\n") + NestBody(levels - 1) + $"--n{levels}x--\n";
}
