using System.Text;

namespace SmimeGateway.Mime.Tests.Judges;

/// <summary>
/// Writes entities as mail has them, and as it should not: every kind of nesting, of label, and of text that relays change, each possible
/// inside each other. The same number gives the same entity.
/// </summary>
internal sealed class RandomMail
{
    private readonly Random _random;
    private readonly RandomHeader _header;
    private readonly RandomBody _body;

    private RandomMail(int seed)
    {
        _random = new Random(seed);
        _header = new RandomHeader(_random);
        _body = new RandomBody(_random);
    }

    /// <summary>A whole message.</summary>
    public static byte[] Write(int seed)
    {
        var mail = new RandomMail(seed);
        return Encoding.Latin1.GetBytes("From: alice@example.com\r\nTo: bob@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + mail.Entity(3));
    }

    /// <summary>A whole message whose type is written as it should not be.</summary>
    public static byte[] WriteWithOddType(int seed)
    {
        var mail = new RandomMail(seed);
        var (type, body) = mail._random.Next(3) switch
        {
            0 => (mail._header.OddType("text/plain", RandomHeader.Pick(mail._random, "charset=utf-8", "charset=iso-8859-1", "charset=\"utf-8\"")), mail._body.Lines()),
            1 => (mail._header.OddType("text/html", RandomHeader.Pick(mail._random, "charset=utf-8", "charset=us-ascii")), "<p>" + mail._body.Lines()),
            _ => (
                mail._header.OddType(RandomHeader.Pick(mail._random, "multipart/mixed", "multipart/alternative"), RandomHeader.Pick(mail._random, "boundary=x", "boundary=\"x\"")),
                $"--x\r\n{mail.Entity(1)}\r\n--x\r\n{mail.Entity(0)}\r\n--x--{RandomHeader.Pick(mail._random, "\r\n", "", "\r\n \r\n")}"),
        };
        return Encoding.Latin1.GetBytes("From: alice@example.com\r\nTo: bob@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + type + "\r\n" + body);
    }

    // Octets as Latin-1 characters throughout: what is UTF-8 is written as the characters of its octets.
    private string Entity(int depth) => (depth == 0 ? 0 : _random.Next(10)) switch
    {
        >= 6 => Multipart(depth),
        5 => Message(depth),
        4 => Report(),
        _ => Leaf(),
    };

    private string Leaf()
    {
        if (OneIn(12))
        {
            return OneIn(4) ? _body.Lines() : "\r\n" + _body.Lines();
        }

        var label = _random.Next(12) switch
        {
            0 or 1 => "base64",
            2 or 3 => "quoted-printable",
            4 => RandomHeader.Pick(_random, "x-uuencode", "8-bit", "unheard-of", "base64 (really)", "7bit;", "\"base64\""),
            5 or 6 => "8bit",
            7 => "binary",
            8 => "7bit",
            _ => string.Empty,
        };
        var body = label switch
        {
            "base64" => _body.Base64(),
            "quoted-printable" => _body.QuotedPrintable(),
            _ => _body.Lines(),
        };
        var head = _header.LeafType() + (label.Length == 0 ? string.Empty : _header.Encoding(label)) + _header.About();
        return head + Separator() + body;
    }

    private string Multipart(int depth)
    {
        var boundary = RandomHeader.Pick(_random, "b", "bx", "----=_NextPart_000", "=_a.b", "b c", "(b)") + (OneIn(20) ? string.Empty : $"{depth}{_random.Next(1000)}");
        var type = RandomHeader.Pick(_random, "mixed", "mixed", "alternative", "related", "report; report-type=delivery-status", "digest", OneIn(3) ? "signed" : "mixed");
        var written = new StringBuilder(_header.MultipartType(type, boundary));
        if (OneIn(3))
        {
            written.Append(_header.Encoding(RandomHeader.Pick(_random, "7bit", "8bit", "8bit", "binary", OneIn(6) ? "base64" : "8bit")));
        }

        written.Append("\r\n").Append(RandomHeader.Pick(
            _random, "", "", "This is a multi-part message in MIME format.\r\n", "Preamble with a blank \r\n", OneIn(5) ? "f\u00C3\u00BCr\r\n" : "", OneIn(5) ? "From me\r\n" : ""));
        var parts = OneIn(25) ? 0 : _random.Next(1, 4);
        for (var i = 0; i < parts; i++)
        {
            var start = i == 0 && written[^1] == '\n' ? string.Empty : "\r\n";
            written.Append(start).Append("--").Append(boundary).Append(DelimiterEnd()).Append("\r\n").Append(Entity(depth - 1));
        }

        if (!OneIn(10))
        {
            written.Append("\r\n--").Append(boundary).Append("--").Append(DelimiterEnd()).Append(RandomHeader.Pick(
                _random, "\r\n", "\r\n", "\r\n\r\n", "", OneIn(4) ? "\r\nSent by a list \r\n" : "\r\n", OneIn(4) ? "\r\n\u00FC\r\n" : "\r\n", OneIn(4) ? "\r\n \t\r\n" : "\r\n"));
        }

        return written.ToString();
    }

    private string Message(int depth)
    {
        var start = OneIn(15) ? RandomHeader.Pick(_random, "From a@example.com Mon Jan  1 00:00:00 2024\r\n", ">From a@example.com Mon Jan  1 00:00:00 2024\r\n") : string.Empty;
        var label = OneIn(4) ? _header.Encoding(RandomHeader.Pick(_random, "7bit", "8bit", "binary", OneIn(5) ? "quoted-printable" : "8bit")) : string.Empty;
        var type = RandomHeader.Pick(_random, "message/rfc822", "message/rfc822", "message/rfc822", "message/global", "message/news");
        return $"Content-Type: {type}\r\n" + label + _header.About() + "\r\n" + start + _header.OfMessage() + Entity(depth - 1);
    }

    private string Report()
    {
        var (type, body) = _random.Next(5) switch
        {
            0 => ("message/partial; id=\"x\"; number=2; total=3", _body.Lines()),
            1 => ("message/external-body; access-type=URL; URL=\"http://example.com/\"", "Content-Type: text/plain\r\nContent-ID: <x@y>\r\n\r\n" + (OneIn(2) ? _body.Lines() : "")),
            2 => ("message/disposition-notification", _body.Fields("Reporting-UA", "Final-Recipient", "Original-Message-ID", "Disposition")),
            3 => ("message/feedback-report", _body.Fields("Feedback-Type", "User-Agent", "Version")),
            _ => ("message/delivery-status", _body.Fields("Reporting-MTA", "Arrival-Date") + "\r\n" + _body.Fields("Final-Recipient", "Action", "Status", "Diagnostic-Code")),
        };
        return $"Content-Type: {type}\r\n" + (OneIn(5) ? _header.Encoding("8bit") : string.Empty) + "\r\n" + body;
    }

    // Postfix and others begin the body at a line that is no field; some programs end the header at a line of blanks.
    private string Separator() => OneIn(40) ? RandomHeader.Pick(_random, " \t\r\n", "no field here\r\n", "\r\n ") : "\r\n";

    private string DelimiterEnd() => OneIn(15) ? RandomHeader.Pick(_random, "  ", "\t", " not everybody's delimiter") : string.Empty;

    private bool OneIn(int chances) => _random.Next(chances) == 0;
}
