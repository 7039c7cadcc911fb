using System.Globalization;
using System.Text;

namespace SmimeGateway.Tests.Protecting;

/// <summary>Writes messages as no program should: headers that do not end, end twice or never began, parts and messages inside one another.</summary>
internal sealed class BrokenMessages(Random random)
{
    private static readonly string[] Names = ["Subject", "X-Note", "Comments", "To", "Cc", "List-Id", "X", "content-description"];
    private static readonly string[] Separators = ["\r\n", "\r\n", "\r\n", " \r\n", "\t\r\n", " \t \r\n\r\n", ""];

    private int _word;

    /// <summary>One message. Each line of it has a word of its own.</summary>
    public byte[] Next()
    {
        _word = 0;
        var head = random.Next(3) == 0 ? string.Empty : "Received: by gateway; W900000\r\n";
        return Encoding.UTF8.GetBytes(head + "From: Alice <alice@example.com>\r\n" + Entity(depth: 0));
    }

    private string Word() => string.Create(CultureInfo.InvariantCulture, $"W{++_word:D6}");

    private string Entity(int depth)
    {
        var kind = depth > 2 ? 0 : random.Next(9);
        var (type, body) = kind switch
        {
            0 or 1 or 2 or 3 or 4 => Leaf(),
            8 => ("message/rfc822", Entity(depth + 1)),
            5 => Multipart(depth, "digest"),
            _ => Multipart(depth, random.Next(2) == 0 ? "mixed" : "alternative"),
        };
        return Header(type) + Separators[random.Next(Separators.Length)] + body;
    }

    private string Header(string? type)
    {
        List<string> lines = [];
        for (var i = random.Next(4); i > 0; i--)
        {
            lines.Add(HeaderLine());
        }

        if (type is not null && random.Next(8) > 0)
        {
            // What follows could be read as the first line of base64, and would be none: that is another matter.
            lines.Insert(type.Contains("base64", StringComparison.Ordinal) ? lines.Count : random.Next(lines.Count + 1), $"{(random.Next(12) == 0 ? "Content-Type " : "Content-Type")}: {type}\r\n");
        }

        // Behind nothing there is nothing to continue.
        return (random.Next(12) == 0 ? $" {Word()} goes on\r\n" : string.Empty) + string.Concat(lines);
    }

    private string HeaderLine() => random.Next(5) > 1 ? $"{Names[random.Next(Names.Length)]}: {Word()}\r\n" : random.Next(14) switch
    {
        0 => $"X-Obsolete : {Word()}\r\n",
        1 => $"X-Long: {Word()}\r\n\t{Word()}\r\n {Word()}\r\n",
        2 => " \r\n",
        3 => "\t\r\n",
        4 => $"{Word()} is text\r\n",
        5 => $": {Word()}\r\n",
        6 => $"From {Word()} Mon\r\n",
        7 => $">From {Word()}\r\n",
        8 => $"X\u0001: {Word()}\r\n",
        9 => $"\u00FCber: {Word()}\r\n",
        10 => $"Subject\r\n : {Word()}\r\n",
        11 => $"\u000B{Word()}: {Word()}\r\n",
        12 => $"Subject: {string.Join(' ', Enumerable.Range(0, random.Next(6) == 0 ? 150 : 3).Select(_ => Word()))}\r\n",
        _ => $"X-Blank: {Word()} \r\n \r\n {Word()}\r\n",
    };

    private (string? Type, string Body) Leaf() => random.Next(6) switch
    {
        0 => (null, Text()),
        1 => ("text/html; charset=utf-8", Text()),
        2 => ("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", $"{Word()} =C3=BC\r\n{Word()} \r\n{Word()}=\r\n{Word()}\r\n"),
        3 => ("text/plain\r\nContent-Transfer-Encoding: base64", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Word()} {Word()}")) + "\r\n"),
        _ => ("text/plain; charset=utf-8", Text()),
    };

    private string Text()
    {
        var text = new StringBuilder();
        for (var i = random.Next(6); i > 0; i--)
        {
            text.Append(random.Next(9) switch
            {
                0 => $"From {Word()}\r\n",
                1 => $"{Word()} \u00E4\u00F6\r\n",
                2 => $"{Word()} \t\r\n",
                3 => $"Looks-Like: {Word()}\r\n",
                4 => $"{Word()}{new string('x', random.Next(4) == 0 ? 1200 : 9)} {Word()}\r\n",
                5 => "\r\n",
                6 => $".{Word()}\r\n",
                _ => $"{Word()}\r\n",
            });
        }

        return text.ToString();
    }

    private (string Type, string Body) Multipart(int depth, string subtype)
    {
        var boundary = "b" + random.Next(1000);
        var body = new StringBuilder(random.Next(4) == 0 ? $"{Word()} preamble\r\n" : string.Empty);
        for (var i = random.Next(4); i > 0; i--)
        {
            body.Append(CultureInfo.InvariantCulture, $"--{boundary}{(random.Next(8) == 0 ? " " : "")}\r\n{Entity(depth + 1)}");
            body.Append(random.Next(3) == 0 ? string.Empty : "\r\n");
        }

        if (random.Next(6) > 0)
        {
            body.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        }

        return ($"multipart/{subtype}; boundary={boundary}", body.ToString());
    }
}
