namespace SmimeGateway.Mime.Tests.Judges;

/// <summary>Header fields of every kind that mail has, octets as Latin-1 characters.</summary>
internal sealed class RandomHeader(Random random)
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("abcdefghi", 120));

    public static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    public string LeafType()
    {
        var type = Pick("text/plain", "text/plain", "text/html", "text/calendar", "text/rfc822-headers", "application/pdf", "application/octet-stream",
            "application/edifact", "image/png", OneIn(4) ? "text" : "TEXT/Plain", OneIn(4) ? "(c) text/html" : "text/html");
        var parameters = Pick("", "", "; charset=utf-8", "; charset=iso-8859-1", "; charset=\"utf-8\"; format=flowed", "; name=" + FileName(), "; charset=us-ascii; x-foo=\"a; b\"",
            OneIn(5) ? "; charset=utf-8; charset=koi8-r" : "; charset=utf-16", OneIn(5) ? "; charset=utf-8 (a comment)" : "");
        return Field("Content-Type", type + parameters) + (OneIn(60) ? "Content-Type: text/html\r\n" : string.Empty);
    }

    public string MultipartType(string type, string boundary)
    {
        var written = OneIn(6) && !boundary.Contains(' ', StringComparison.Ordinal) ? boundary : $"\"{boundary}\"";
        return Field("Content-Type", $"multipart/{type};{Pick(" ", "\r\n ", "\r\n\t")}boundary={written}{(OneIn(40) ? " (comment)" : string.Empty)}");
    }

    /// <summary>A type as it should not be written, and now and then as it should.</summary>
    public string OddType(string type, string parameter) => Field("Content-Type", Pick(
        $"{type} {parameter}", $"{type}, {parameter}", $"{type}, {parameter}; format=flowed", $"{type} {parameter}; format=flowed", $"{type}\r\n {parameter}",
        $"{type} (comment); {parameter}", $"{type}; {parameter} (comment)", $"{type}; (comment) {parameter}", $"(comment) {type}; {parameter}", $"{type} (open; {parameter}",
        string.Empty, $"; {parameter}", type.Split('/')[0], $"{type.Split('/')[0]}; {parameter}", $"{type}/x; {parameter}", type.Replace("/", " / ") + "; " + parameter,
        $"\"{type}\"; {parameter}", $"{type}; {parameter.Replace("=", " = ")}", $"{type}; {parameter}; {parameter}", $"{type}; {parameter}, x=y", $"{type}; =x; {parameter}",
        $"{type}; name=\"open; {parameter}", $"{type}; name=\"a\"b; {parameter}", $"{type}; x; {parameter}", $"{type}; name=gr\u00C3\u00BCn.txt; {parameter}",
        $"{type} hp=cipher; {parameter}", $"{type}, hp=clear; {parameter}", $"{type}; {parameter} hp=clear", $"{type}; hp(comment)=clear; {parameter}", $"{type}; hp=\"clear; {parameter}",
        $"{type}; hp=cipher; {parameter}", $"{type}; {parameter};\r\n HP=\"clear\"; x=y", $"{type}; hp*=utf-8''clear; {parameter}", $"{type}; hp*0=cle; hp*1=ar; {parameter}; name=\"gr\u00C3\u00BCn\"",
        $"{type}; x=\"a\\\"; hp=cipher; \"; {parameter}", $"{type}; {parameter};", $"{type};; {parameter}", $"{type} ; {parameter}", $"{type};charset='utf-8';{parameter}",
        $"{type}; {parameter}\r\nContent-Type: text/plain; hp=cipher", $"{type}; {parameter}\r\nContent-Type: {type}; {parameter}", $"{type}; name=\"gr\u00C3\u00BCn\"; {parameter}"));

    public string Encoding(string label) =>
        Field(Pick("Content-Transfer-Encoding", "content-transfer-encoding"), OneIn(10) ? label.ToUpperInvariant() : label)
        + (OneIn(80) ? "Content-Transfer-Encoding: 7bit\r\n" : string.Empty);

    public string About() =>
        (OneIn(4) ? Field("Content-Disposition", Pick("attachment", "inline") + "; filename=" + FileName() + Pick("", "; size=3")) : string.Empty)
        + (OneIn(6) ? Field("Content-ID", "<part@example.com>") : string.Empty)
        + (OneIn(8) ? Field("Content-Description", Text()) : string.Empty)
        + (OneIn(60) ? Field("Content-Location", "http://example.com/\u00C3\u00BC") : string.Empty);

    public string OfMessage()
    {
        var fields = new List<string>
        {
            Field("From", Mailbox()), Field("To", Mailbox() + (OneIn(3) ? ", " + Mailbox() : "")), Field("Subject", Text()),
            Field("Message-ID", OneIn(40) ? "<\u00C3\u00BC@example.com>" : "<1@example.com>"), Field("Date", "Mon, 1 Jan 2024 00:00:00 +0000"), "MIME-Version: 1.0\r\n",
        };
        if (OneIn(4))
        {
            fields.Add(Field("Cc", Mailbox()));
            fields.Add(Field("Reply-To", Mailbox()));
        }

        if (OneIn(4))
        {
            fields.Add(Field("Received", "from a.example by b.example;\r\n\tMon, 1 Jan 2024 00:00:00 +0000"));
            fields.Add(Field("X-Note", Text()));
            fields.Add(Field("References", string.Join(' ', Enumerable.Repeat("<0123456789@example.com>", random.Next(60)))));
        }

        if (OneIn(50))
        {
            fields.Add(Pick("no field at all\r\n", "X-Odd : blank before the colon\r\n", " \t\r\n"));
        }

        return string.Concat(fields);
    }

    private string Mailbox() => random.Next(14) switch
    {
        0 => "J\u00C3\u00B6rg M\u00C3\u00BCller <joerg@example.com>",
        1 => "\"M\u00C3\u00BCller, J\u00C3\u00B6rg\" <joerg@example.com>",
        2 => "=?utf-8?Q?J=C3=B6rg?= <joerg@example.com>",
        3 => "\"Support, Team\" <support@example.com>",
        4 when OneIn(3) => "j\u00C3\u00B6rg@m\u00C3\u00BCller.example",
        5 when OneIn(3) => "J\u00F6rg <joerg@example.com>",
        6 when OneIn(3) => "Gruppe: a@example.com, \u00C3\u009Cmit <b@example.com>;",
        7 => "joerg@example.com (J\u00C3\u00B6rg)",
        8 => "<bare@example.com>",
        _ => Pick("alice@example.com", "Alice Example <alice@example.com>", "\"A  B\" <ab@example.com>"),
    };

    private string Text() => random.Next(10) switch
    {
        0 => "gr\u00C3\u00BCn und blau",
        1 => "blau und  gr\u00C3\u00BCn  \u00C3\u00BCber blau",
        2 => "=?iso-8859-1?Q?gr=FCn?= \u00C3\u00BC x",
        3 => Long,
        4 when OneIn(3) => "gr\u00FCn in no charset",
        5 => "folded\r\n into\r\n\tlines",
        6 when OneIn(3) => new string('w', 1100),
        _ => "plain words",
    };

    private string FileName() => random.Next(10) switch
    {
        0 => "\"gr\u00C3\u00BCn.pdf\"",
        1 => "gr\u00C3\u00BCn.pdf",
        2 => "\"=?utf-8?Q?gr=C3=BCn=2Epdf?=\"",
        3 when OneIn(2) => "\"gr\u00FCn.pdf\"",
        4 => "\"a.pdf\"; filename*=utf-8''gr%C3%BCn.pdf",
        5 when OneIn(3) => "unquoted gr\u00C3\u00BCn.pdf",
        6 when OneIn(3) => "\"" + Long + ".txt\"",
        _ => Pick("a.pdf", "\"with a blank.pdf\"", "\"a;b.pdf\""),
    };

    private string Field(string name, string body)
    {
        var end = OneIn(30) ? Pick(" ", "\t", " \r\n ") : string.Empty;
        return $"{name}: {body}{end}\r\n";
    }

    private bool OneIn(int chances) => random.Next(chances) == 0;

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
